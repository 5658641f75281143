/* Before first paint: may this browser run htmx? If not, or if it does not arrive, the page stays the plain page. */
(function (d, w) {
  var h = d.documentElement, plain = function () { if (!w.htmx) { h.className = ''; } };
  if (w.fetch && h.replaceChildren && w.SubmitEvent && 'submitter' in w.SubmitEvent.prototype) {
    h.className = 'js';
  } else {
    h.setAttribute('data-hx-ignore', '');
  }
  d.addEventListener('change', plain);
  d.addEventListener('DOMContentLoaded', plain);
})(document, window);
