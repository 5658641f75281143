/* What a page costs its reader, noted when it has arrived with its scripts: see `measures.py`. */
(function (w, d) {
  'use strict';
  function top(node) {
    return node ? Math.round(node.getBoundingClientRect().top + w.scrollY) : 0;
  }
  function seen(node) {
    return node.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true }) && !node.closest('.vh');
  }
  /* Every word that is laid out, those for screen readers included; a closed detail is not. */
  function wordsOf(main) {
    return main.innerText.split(/\s+/).filter(Boolean).length;
  }
  function lineOf(text, place) {
    var range = d.createRange();
    range.setStart(text, place);
    range.setEnd(text, place + 1);
    return (range.getClientRects()[0] || {}).top;
  }
  /* The words that a line ends in the middle of: at a hyphen (the longest may), inside an address or a number. */
  function brokenIn(main) {
    var found = [], texts = d.createTreeWalker(main, NodeFilter.SHOW_TEXT), text;
    while ((text = texts.nextNode())) {
      for (var word of text.data.matchAll(/[\wÀ-ÿ]+@\S+|(?<![\wÀ-ÿ-])(?=.{1,16}(?![\wÀ-ÿ-]))[\wÀ-ÿ]+(-[\wÀ-ÿ]+)+|\d+( \d+)+/g)) {
        if (seen(text.parentElement) && lineOf(text, word.index) !== lineOf(text, word.index + word[0].length - 1)) { found.push(word[0]); }
      }
    }
    return found;
  }
  w.measure = function () {
    var main = d.querySelector('main'), forward = main.querySelector('.suite .bouton');
    var controls = main.querySelectorAll('input:not([type=hidden]), select, textarea, button');
    return {
      page: w.location.pathname, words: wordsOf(main), height: d.documentElement.scrollHeight,
      first: top(Array.prototype.filter.call(controls, seen)[0] || forward), forward: top(forward),
      broken: brokenIn(d.body)
    };
  };
  function kept(name, empty) { return JSON.parse(w.sessionStorage.getItem(name)) || empty; }
  function keep(name, value) { w.sessionStorage.setItem(name, JSON.stringify(value)); }
  function touched(times) { keep('touches', kept('touches', 0) + times); }
  w.addEventListener('load', function () { keep('pages', kept('pages', []).concat(w.measure())); });
  w.addEventListener('pointerdown', function () { touched(1); }, true);
  /* A list, or the chooser of files: one touch to open it, one to choose. */
  w.addEventListener('change', function (event) {
    if (event.target.matches('select, [type=file]')) { touched(2); }
  }, true);
})(window, document);
