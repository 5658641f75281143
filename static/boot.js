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

  /* A double click may fall half on this page, pressed before htmx arrives, half on the next: nothing is undone. */
  var changed = true;
  d.addEventListener('htmx:after:swap', function () { changed = true; });
  d.addEventListener('click', function (event) {
    if (event.detail < 2) {
      changed = false;
    } else if (changed) {
      event.preventDefault();
      event.stopPropagation();
      (d.querySelector('[autofocus]') || h).focus({ preventScroll: true });
    }
  }, true);
})(document, window);
