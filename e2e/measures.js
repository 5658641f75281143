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
  w.measure = function () {
    var main = d.querySelector('main'), forward = main.querySelector('.suite .bouton');
    var controls = main.querySelectorAll('input:not([type=hidden]), select, textarea, button');
    return {
      page: w.location.pathname, words: wordsOf(main), height: d.documentElement.scrollHeight,
      first: top(Array.prototype.filter.call(controls, seen)[0] || forward), forward: top(forward)
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
