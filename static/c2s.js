/* What htmx needs from us: a policy, words for failures, a live search. */
(function (d, w) {
  'use strict';
  var never = function () { throw new Error('eval'); };
  var rules = { createHTML: function (html) { return html; }, createScript: never };
  var policy = w.trustedTypes ? w.trustedTypes.createPolicy('htmx', rules) : rules;
  w.htmx.registerExtension('tt', { init: function (api) { api.initSecurity(policy, never, never); } });

  var WORDS = {
    reseau: 'Le réseau ne répond pas. Ce que vous avez saisi est toujours sur cette page. Attendez un peu, puis appuyez à nouveau.',
    session: 'Votre session est terminée. Les réponses de votre demande sont effacées. Pour recommencer, rechargez la page et connectez-vous.',
    faute: 'L’action n’a pas marché. Rien de ce que vous avez saisi n’est perdu. Réessayez.',
    court: 'Écrivez au moins 3 lettres, ou appuyez sur « Rechercher ».'
  };

  /* A message beside what was pressed, announced once by the alert node. */
  function complain(source, words) {
    var shown = d.getElementById('panne');
    if (!shown) {
      shown = d.createElement('p');
      shown.id = 'panne';
      shown.className = 'msg';
    }
    shown.textContent = words;
    var place = source && source.closest ? source.closest('.choix, .champ, .actions, .envoi, p, li') || source : null;
    (place || d.getElementById('contenu')).after(shown);
    shown.scrollIntoView({ block: 'nearest' });
    d.getElementById('alerte').textContent = words;
  }
  function calm() {
    var shown = d.getElementById('panne');
    if (shown) { shown.remove(); }
    d.getElementById('alerte').textContent = '';
  }
  function words(status) {
    return status === 401 ? WORDS.session : WORDS.faute;
  }
  w.c2s = { complain: complain, calm: calm, words: words, WORDS: WORDS };

  /* Beside the button, when its form asks. What was hidden can be filled in. */
  function failed(ctx, said) {
    complain(ctx && (ctx.request.submitter || ctx.sourceElement), said);
    if (ctx && ctx.target && ctx.target.classList) { ctx.target.classList.remove('a-reveler'); }
  }
  d.addEventListener('htmx:before:request', calm);
  d.addEventListener('htmx:response:error', function (event) {
    var ctx = event.detail.ctx;
    if (ctx.response.status !== 422) { failed(ctx, words(ctx.response.status)); }
  });
  d.addEventListener('htmx:error', function (event) { failed(event.detail.ctx, WORDS.reseau); });

  /* Pressed twice, a button may be gone with its first answer: the focus stays. */
  var held;
  d.addEventListener('focusin', function (event) { held = event.target; });
  d.addEventListener('htmx:after:swap', function () {
    if (held && !held.isConnected && d.activeElement === d.body) { d.getElementById('contenu').focus({ preventScroll: true }); }
  });

  /* A line of the summary goes with its field, if it leads to one; a list may come back. */
  function settle() {
    var summary = d.getElementById('erreurs'), list = d.getElementById('resultats'), left = 0;
    if (!summary) { return; }
    summary.querySelectorAll('li').forEach(function (line) {
      var link = line.querySelector('a[href^="#"]'), field = link && d.getElementById(link.hash.slice(1));
      var there = !link || field && field.offsetParent && !field.closest('details');
      if (!there && list) { link.setAttribute('href', '#resultats'); }
      if (there || list) { left += 1; } else { line.remove(); }
    });
    var title = d.getElementById('erreurs_titre');
    title.textContent = title.textContent.replace(/^\d+ réponses?/, left + (left > 1 ? ' réponses' : ' réponse'));
    if (!left) {
      summary.remove();
      d.title = d.title.replace(/^Erreur\s:\s/, '');
    }
  }
  d.addEventListener('htmx:after:swap', settle);

  /* Two groups of radios, one answer: a result is « un organisme », with its search. */
  d.addEventListener('change', function (event) {
    var zone = d.getElementById('choisir'), organisme = d.getElementById('gestionnaire_organisme'), name = event.target.name;
    if (!zone || !organisme || name !== 'choix_organisme' && name !== 'gestionnaire') { return; }
    if (name === 'choix_organisme') {
      organisme.checked = true;
      note(organisme, event.target);
    } else if (!organisme.checked) {
      d.querySelectorAll('[name=choix_organisme]:checked').forEach(function (result) { result.checked = false; });
    }
    if (organisme.checked === zone.classList.contains('a-reveler')) {
      d.getElementById('statut').textContent = 'La recherche ' + (organisme.checked ? 's’affiche.' : 'n’est plus affichée.');
    }
    zone.classList.toggle('a-reveler', !organisme.checked);
  });
  /* « Rechercher » draws the page again: what is ticked goes along. */
  d.addEventListener('formdata', function (event) {
    if (event.target.id !== 'f_recherche') { return; }
    d.querySelectorAll('#f_choix :checked').forEach(function (answer) { event.formData.append(answer.name, answer.value); });
  });
  function note(organisme, result) {
    var label = organisme.nextElementSibling, said = label.querySelector('.petit') || label.appendChild(d.createElement('span'));
    said.className = 'petit';
    said.textContent = 'Organisme choisi\u00a0: ' + result.nextElementSibling.textContent.replace(/\s+/g, ' ').trim();
  }

  /* Live search: from three letters; a département number goes by the button. */
  d.addEventListener('htmx:config:request', function (event) {
    var source = event.detail.ctx.sourceElement, zone = source.closest('[data-recherche]');
    if (!zone || source.tagName !== 'INPUT') { return; }
    var long = Array.prototype.some.call(zone.querySelectorAll('input'), function (field) {
      return field.value.trim().length >= 3;
    });
    if (!long) {
      event.preventDefault();
      d.getElementById('statut').textContent = source.value ? WORDS.court : '';
    }
  });
})(document, window);
