/* What only a laid out page can tell. Each question answers with its defects: [criterion, words]. */
(function (d, w) {
  'use strict';
  var INTERACTIVE = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]';
  var SMALLEST = 24, GAP = 12, TOLERANCE = 2, RING = 2, HOUSE = 'mise en page';
  var BEFORE_A_MESSAGE = 6, BETWEEN_BUTTONS = 8;

  function describe(node) {
    var name = (node.innerText || node.name || node.id || '').trim().replace(/\s+/g, ' ').slice(0, 50);
    return '<' + node.tagName.toLowerCase() + (node.id ? '#' + node.id : '') + '> ' + name;
  }
  function forTheScreen(node) {
    return node.checkVisibility({ visibilityProperty: true }) && !node.closest('.vh, .etapes ol');
  }
  function all(selector) {
    return Array.prototype.filter.call(d.querySelectorAll(selector), forTheScreen);
  }
  function labelOf(field) {
    return d.querySelector('label[for="' + field.id + '"]');
  }
  function box(node) {
    var own = node.getBoundingClientRect(), label = node.type === 'radio' || node.type === 'checkbox' ? labelOf(node) : null;
    return label ? label.getBoundingClientRect() : own;
  }

  /* Wider than the window, or cut by its own box. */
  function fits(critere) {
    var found = [], root = d.documentElement;
    if (root.scrollWidth > w.innerWidth) {
      var wide = all('body *').filter(function (n) { return n.getBoundingClientRect().right > w.innerWidth + 1; }).pop();
      found.push([critere, 'la page défile en largeur : ' + root.scrollWidth + ' px' + (wide ? ', ' + describe(wide) : '')]);
    }
    all('body *').forEach(function (node) {
      var style = getComputedStyle(node), native = /^(INPUT|SELECT|TEXTAREA|PROGRESS|SVG|svg)$/.test(node.tagName);
      if (native || !node.innerText) { return; }
      var cuts = style.overflowX !== 'visible' && node.scrollWidth > node.clientWidth + TOLERANCE ||
        style.overflowY !== 'visible' && node.scrollHeight > node.clientHeight + TOLERANCE;
      if (cuts && node.clientWidth > 1) { found.push([critere, 'texte coupé : ' + describe(node)]); }
    });
    return found.concat(spills(critere));
  }
  /* Text that leaves the button, the label or the card that holds it. */
  function spills(critere) {
    return all('.bouton, .lien, label, summary, .carte, .message, td, th, legend').filter(function (node) {
      var range = d.createRange(), outer = node.getBoundingClientRect(), inner;
      range.selectNodeContents(node);
      inner = range.getBoundingClientRect();
      return inner.width && (inner.right > outer.right + TOLERANCE || inner.bottom > outer.bottom + TOLERANCE);
    }).filter(function (node) {
      return !node.querySelector('.vh');
    }).map(function (node) { return [critere, 'texte qui déborde : ' + describe(node)]; });
  }
  /* The same questions, once somebody has laid a sheet of their own over ours. */
  function under(sheet, critere) {
    var before = Array.from(d.adoptedStyleSheets), found;
    wear(sheet, before);
    found = fits(critere);
    d.adoptedStyleSheets = before;
    return found;
  }
  /* From now on; an empty sheet gives the page back its own looks. */
  function wear(sheet, others) {
    var own = new CSSStyleSheet();
    own.replaceSync(sheet);
    d.adoptedStyleSheets = (others || []).concat(own);
  }
  function spaced() {
    return under('* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; } ' +
      'p, li, dd { margin-bottom: 2em !important; }', '10.12');
  }
  /* Unlike a setting of the browser, a sheet enlarges the text and leaves media queries as they are. */
  function doubled() { return under('html { font-size: 200% !important; }', '10.4'); }

  /* A target is at least 24 px wide and high, unless it is a link in a sentence. */
  function targets() {
    return all(INTERACTIVE).filter(function (node) {
      var inSentence = node.tagName === 'A' && getComputedStyle(node).display === 'inline' &&
        node.parentElement.innerText.trim() !== node.innerText.trim();
      var size = box(node);
      return !inSentence && !node.matches('.passe') && Math.min(size.width, size.height) < SMALLEST;
    }).map(function (node) { return ['WCAG 2.5.8', 'cible trop petite : ' + describe(node)]; });
  }
  function adjacent() {
    return all('input:not([type=hidden]), select, textarea').filter(function (field) {
      var label = labelOf(field);
      if (!label) { return false; }
      var a = label.getBoundingClientRect(), b = field.getBoundingClientRect();
      var beside = /^(radio|checkbox)$/.test(field.type);
      return beside ? b.left < a.left - 1 || b.right > a.right || b.top < a.top - 1 || b.bottom > a.bottom + 1
        : b.top - a.bottom > GAP || b.top < a.bottom - 1;
    }).map(function (field) { return ['11.4', 'étiquette loin de son champ : ' + describe(field)]; });
  }
  /* The px between two boxes, on the side where they are the furthest apart; negative where one covers the other. */
  function between(a, b) {
    return Math.max(a.left - b.right, b.left - a.right, a.top - b.bottom, b.top - a.bottom);
  }
  function linesOf() {
    var texts = d.createTreeWalker(d.querySelector('main') || d.body, NodeFilter.SHOW_TEXT), found = [], range = d.createRange();
    while (texts.nextNode()) {
      var parent = texts.currentNode.parentElement;
      if (!texts.currentNode.data.trim() || parent.closest('select, textarea, script, style, template') || !forTheScreen(parent)) { continue; }
      range.selectNodeContents(texts.currentNode);
      Array.prototype.forEach.call(range.getClientRects(), function (line) { if (line.width > 1) { found.push([parent, line]); } });
    }
    return found;
  }
  /* What the house asks, and no rule of accessibility: nothing is glued to, nor drawn over, what stands beside it. */
  function crowded() {
    var found = [], lines = linesOf(), buttons = all('.bouton, .bouton ~ .lien');
    all('.msg').forEach(function (message) {
      var before = message.previousElementSibling;
      if (before && forTheScreen(before) && between(message.getBoundingClientRect(), before.getBoundingClientRect()) < BEFORE_A_MESSAGE) {
        found.push([HOUSE, 'message collé à son champ : ' + describe(message)]);
      }
    });
    buttons.forEach(function (button, rank) {
      buttons.slice(rank + 1).forEach(function (other) {
        if (between(button.getBoundingClientRect(), other.getBoundingClientRect()) < BETWEEN_BUTTONS) {
          found.push([HOUSE, 'boutons trop proches : ' + describe(button) + ', ' + describe(other)]);
        }
      });
    });
    all('.choix > label, select, textarea, input:not([type=radio]):not([type=checkbox]), table, .recap, .reference, .message, .carte, .bouton').forEach(function (thing, rank, things) {
      var here = thing.getBoundingClientRect();
      things.slice(rank + 1).forEach(function (other) {
        if (!thing.contains(other) && between(here, other.getBoundingClientRect()) < BEFORE_A_MESSAGE) {
          found.push([HOUSE, 'boîtes collées : ' + describe(thing) + ', ' + describe(other)]);
        }
      });
      lines.forEach(function (line) {
        if (!thing.contains(line[0]) && between(here, line[1]) < TOLERANCE) {
          found.push([HOUSE, 'texte collé à une boîte : ' + describe(thing) + ', ' + describe(line[0])]);
        }
      });
    });
    return found;
  }
  /* Twice as big, a word of the header, of a button or of an answer still holds on its line, unless it is very long. */
  function broken(critere) {
    var found = [], range = d.createRange();
    all('.nom, .bouton, .choix > label').forEach(function (node) {
      var texts = d.createTreeWalker(node, NodeFilter.SHOW_TEXT);
      while (texts.nextNode()) {
        for (var word of texts.currentNode.data.matchAll(/(?<![a-zà-ÿ])[a-zà-ÿ]{2,13}(?![a-zà-ÿ])/gi)) {
          range.setStart(texts.currentNode, word.index);
          range.setEnd(texts.currentNode, word.index + word[0].length);
          if (forTheScreen(texts.currentNode.parentElement) && range.getClientRects().length > 1) { found.push([critere, 'mot coupé : ' + word[0]]); }
        }
      }
    });
    return found;
  }
  function still() {
    var found = d.getAnimations().map(function () { return ['13.8', 'une animation tourne']; });
    all('body *').forEach(function (node) {
      if (/fixed|sticky/.test(getComputedStyle(node).position)) {
        found.push(['WCAG 2.4.11', 'peut cacher ce qui a le focus : ' + describe(node)]);
      }
    });
    return found;
  }

  /* The stops of the Tab key, in the order of the document; a group of radios is one stop. */
  function stops() {
    var groups = {};
    return all(INTERACTIVE).filter(function (node) {
      if (node.disabled || node.tabIndex < 0) { return false; }
      if (node.type !== 'radio') { return true; }
      var group = (node.form ? node.form.id + node.form.action : '') + node.name;
      var ticked = d.querySelector('input[name="' + node.name + '"]:checked');
      if (ticked ? ticked !== node : groups[group]) { return false; }
      groups[group] = true;
      return true;
    });
  }
  function order(list) {
    var found = [], before = null;
    list.filter(function (node) { return !node.matches('.passe'); }).forEach(function (node) {
      var here = box(node);
      if (before && here.bottom <= before.top) { found.push(['12.8', 'au-dessus de ce qui précède : ' + describe(node)]); }
      before = here;
    });
    return found;
  }
  function ringed(node) {
    return [node, labelOf(node)].some(function (place) {
      if (!place) { return false; }
      var style = getComputedStyle(place);
      return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= RING;
    });
  }
  /* The ring of what has the focus goes out of the page. */
  function cut(node) {
    var style = getComputedStyle(node), out = parseFloat(style.outlineOffset) + parseFloat(style.outlineWidth), here = node.getBoundingClientRect();
    return style.outlineStyle !== 'none' && (here.left < out - 1 || here.right + out > w.innerWidth + 1 || here.top + w.scrollY < out - 1);
  }
  function start() {
    w.auditStops = stops();
    w.scrollTo(0, 0);  // axe may have scrolled
    d.body.tabIndex = -1;
    d.body.focus({ preventScroll: true });
    d.body.removeAttribute('tabindex');
    return w.auditStops.length;
  }
  /* After a press of Tab: is the focus where it is expected, and can it be seen? */
  function pressed(rank) {
    var wanted = w.auditStops[rank], got = d.activeElement, found = [];
    var sameGroup = got.type === 'radio' && wanted.type === 'radio' && got.name === wanted.name;
    if (got !== wanted && !sameGroup) { found.push(['12.8', 'attendu : ' + describe(wanted) + ' ; atteint : ' + describe(got)]); }
    if (!ringed(got)) { found.push(['10.7', 'focus invisible : ' + describe(got)]); }
    var here = box(got);
    var small = here.height < w.innerHeight * .4;
    if (small && (here.top < -TOLERANCE || here.bottom > w.innerHeight + TOLERANCE)) { found.push([HOUSE, 'focus coupé par l’écran : ' + describe(got)]); }
    if (cut(got)) { found.push(['10.7', 'anneau coupé : ' + describe(got)]); }
    if (here.bottom <= 0 || here.top >= w.innerHeight) { found.push(['WCAG 2.4.11', 'focus hors de l’écran : ' + describe(got)]); }
    return found;
  }

  w.audit = {
    open: function () { d.querySelectorAll('details').forEach(function (help) { help.open = true; }); },
    laidOut: function () { return [].concat(fits('10.11'), spaced(), doubled(), targets(), adjacent(), crowded(), still(), order(stops())); },
    enlarged: function () { return fits('10.4').concat(broken('10.4')); },
    wear: function (sheet) { wear(sheet); },
    start: start,
    pressed: pressed
  };
})(document, window);
