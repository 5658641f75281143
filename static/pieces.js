/* Étape 6: send each file once chosen, heavy photos reduced, upright, no EXIF. */
(function (d, w) {
  'use strict';
  const root = d.documentElement, node = (id) => d.getElementById(id), form = node('f_pieces');
  if (!w.htmx || !w.c2s || !form || root.className !== 'js') { return; }
  root.className = 'js direct';

  const KEPT = 2 << 20, SENT = 32 << 20;
  const address = form.getAttribute('action'), { content, dataset } = node('t_envoi');
  const waiting = [], patience = d.createElement('p');
  let current, onward, turned = 0;

  const word = (name, item) => dataset[name].replace('{fichier}', () => item.name);
  const weight = (size) => Math.max(size / (1 << 20), 0.1).toFixed(1).replace('.0', '').replace('.', ',') + ' Mo';
  const holds = (line) => line.contains(d.activeElement);
  function say(words, where = 'statut') {
    node(where).textContent = words;
  }
  function focus(line) {
    line.tabIndex = -1;
    line.focus();
  }
  function put(item, line) {
    const list = node('envois_' + item.code);
    if (list && !line.isConnected) { list.append(line); }
  }

  /* A line: a file leaves, stops, a word. */
  function make(kind, item, words, pressed) {
    const line = content.children[kind].cloneNode(true), button = line.querySelector('button');
    if (words) { line.querySelector('p').textContent = words; }
    if (button) {
      button.prepend(word(kind ? 'envoyer' : 'annuler', item));
      button.lastChild.textContent = ' : ' + item.name;
      button.onclick = pressed;
    }
    return line;
  }
  function add(file, code, zone) {
    const item = { file, code, zone, name: file.name };
    item.line = make(0, item, '', () => cancel(item));
    item.bar = item.line.bar = item.line.querySelector('progress');
    item.bar.setAttribute('aria-label', word('cours', item));
    write(item, word('attente', item));
    waiting.push(item);
    run();
  }
  function write(item, words) {
    const [name, state] = item.line.querySelectorAll('b, .petit');
    name.textContent = words.includes(item.name) ? '' : item.name;
    state.textContent = words;
    put(item, item.line);
  }
  /* The outcome replaces the line: it takes its focus, or is announced. */
  function end(item, last, where) {
    const here = holds(item.line);
    item.over = true;
    leave();
    item.line.remove();
    put(item, last);
    if (here) { focus(last); } else { say(last.querySelector('p').textContent, where); }
  }
  function stopped(item, words, again) {
    const last = make(again ? 1 : 2, item, words, () => {
      last.remove();
      add(item.file, item.code, item.zone);
    });
    last.nom = again && item.name;
    end(item, last, 'alerte');
  }
  function cancel(item) {
    end(item, make(2, item, word('annule', item)));
    if (item.request) { item.request.abort(); }
  }

  async function draw(file) {
    const image = await createImageBitmap(file), paper = d.createElement('canvas'), pen = paper.getContext('2d');
    for (let side = 2400; side > 700; side *= 0.75) {
      const scale = Math.min(1, side / Math.max(image.width, image.height));
      paper.width = image.width * scale;
      paper.height = image.height * scale;
      pen.fillStyle = '#fff';
      pen.fillRect(0, 0, side, side);
      pen.imageSmoothingQuality = 'high';
      pen.drawImage(image, 0, 0, paper.width, paper.height);
      const photo = await new Promise((drawn) => paper.toBlob(drawn, 'image/jpeg', 0.8));
      if (photo.size <= KEPT) {
        image.close();
        return photo;
      }
    }
    throw image;
  }
  async function smaller(item) {
    const file = item.file, heic = /hei[cf]$/i.test(file.type || file.name);
    const heavy = /(jpeg|png)$/.test(file.type) && file.size > KEPT;
    function tell(name) {
      write(item, word(name, item));
      say(word(name, item));
    }
    if (!heavy && !heic) { return file; }
    tell(heic ? 'analyse' : 'reduction');
    try {
      const photo = await Promise.race([draw(file), new Promise((_, late) => setTimeout(late, 10000))]);
      item.reduced = photo.size > file.size ? ' ' :
        word('reduite', item).replace('{avant}', weight(file.size)).replace('{apres}', item.words = weight(photo.size));
      if (heic) { item.name += '.jpg'; }
      return photo;
    } catch (problem) {
      if (heavy && !item.over) { tell('original'); }
      return file;
    }
  }

  function post(item, file) {
    return new Promise((answered) => {
      const sent = new FormData(form), request = item.request = new XMLHttpRequest();
      let timer, told = 0;
      function moved(percent) {
        const words = word('cours', item) + ', ' + percent + ' %';
        clearTimeout(timer);
        timer = setTimeout(() => request.abort(), 30000);
        item.sent = Date.now();
        item.bar.value = percent;
        write(item, words);
        if (percent >= told) {
          say((!told && item.reduced || '') + ' ' + words);
          told = [50, 100, 101][Math.floor(percent / 50)];
        }
      }
      form.querySelectorAll('[type=file]').forEach((field) => sent.delete(field.name));
      sent.append('fichier_' + item.code, file, item.name);
      sent.append('envoyer', item.code);
      request.open('POST', address);
      request.setRequestHeader('HX-Request', 'true');
      request.setRequestHeader('HX-Target', 'div#' + item.zone.id);
      request.upload.onprogress = (event) => moved(Math.floor(100 * event.loaded / event.total));
      request.upload.onload = () => {
        if (holds(item.line)) { focus(item.line); }
        item.line.lastChild.remove();  // too late to cancel
        item.bar.removeAttribute('value');
        write(item, word('analyse', item));
      };
      request.onloadend = () => {
        clearTimeout(timer);
        answered(request);
      };
      moved(0);
      request.send(sent);
    });
  }
  async function received(item, text) {
    const held = d.activeElement, preventScroll = !held.matches(':focus-visible');  // a finger may scroll
    const here = holds(item.line), slot = '#slot_' + item.code;
    const late = d.querySelector('.htmx-request') || turned > item.sent;
    item.line.remove();
    await w.htmx.swap({ text, sourceElement: item.zone, target: slot, select: slot, swap: 'outerMorph' });
    if (item.reduced) {
      const words = d.querySelector(slot + ' li:last-child .petit').textContent.split(', ')[0];
      put(item, make(2, item, item.name + ' : ' + item.reduced.replace(item.words, words) + ' ' + word('verifier', item)));
    }
    const field = node('fichier_' + item.code), rows = d.querySelectorAll(slot + ' li');
    if (field && field.id === held.id) {
      const more = field.closest('details');
      if (more) { more.open = true; }
      field.focus({ preventScroll });
    } else if (here && rows.length) {
      focus(rows[rows.length - 1]);
      say('');
    }
    if (late) {  // another change crossed it
      w.htmx.ajax('POST', address, { source: item.zone, target: item.zone, swap: 'innerMorph', values: { action: 'afficher' } });
    }
  }
  async function refused(item, text) {
    const last = d.createElement('li'), slot = '#slot_' + item.code;
    const select = slot + ' .envoi .msg, ' + slot + ' .msg + p';
    await w.htmx.swap({ text, sourceElement: item.zone, target: last, select, swap: 'innerHTML ignoreTitle:true' });
    if (!last.firstChild) { return stopped(item, w.c2s.WORDS.faute); }
    last.querySelectorAll('[id]').forEach((named) => named.removeAttribute('id'));
    end(item, last, 'alerte');
  }
  async function send(item) {
    const large = item.file.size > SENT, file = large || await smaller(item);
    const answer = large || item.over || await post(item, file), status = answer.status;
    if (item.over) { return; }
    if (status === 200) { return received(item, answer.responseText); }
    if (status === 422) { return refused(item, answer.responseText); }
    if (status === 204) { return gone(answer.getResponseHeader('HX-Redirect')); }
    if (large || status === 413) { return stopped(item, word('lourd', item)); }
    stopped(item, status ? w.c2s.words(status) : word('reseau', item), status !== 401);
  }
  async function run() {
    if (current) { return; }
    while ((current = waiting.shift())) {
      if (!current.over) { await send(current); }
    }
    const button = onward;
    leave();
    if (button) { button.click(); }
  }
  d.addEventListener('htmx:finally:request', () => { turned = Date.now(); });
  d.addEventListener('change', function (event) {
    const field = event.target, code = field.name.slice(8), files = [...field.files || []];
    if (field.type !== 'file') { return; }
    node('envois_' + code).querySelectorAll('li').forEach((old) => {
      if (!old.bar && (!old.nom || files.some((file) => file.name === old.nom))) { old.remove(); }
    });
    files.forEach((file) => add(file, code, field.closest('[id^=slots_]')));
    field.value = '';
  });

  /* « Suivant » waits for the files; about other ways out the browser asks. */
  function leave() {
    onward = undefined;
    patience.remove();
  }
  function hold(event) {
    if (current) { event.preventDefault(); }
  }
  /* Another tab has changed the answers. */
  function gone(url) {
    waiting.length = 0;
    w.removeEventListener('beforeunload', hold);
    w.location.href = url;
  }
  form.addEventListener('submit', function (event) {
    if (!current) { return; }
    event.preventDefault();
    leave();
    onward = event.submitter;
    onward.parentNode.before(patience);
    say(patience.textContent = word('patience', current));
  });
  w.addEventListener('beforeunload', hold);
})(document, window);
