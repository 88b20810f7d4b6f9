/** The script of a ZIP's page: plain JavaScript, run by the browser of whoever opens it. Texts are only ever set as texts. */
export const PAGE_SCRIPT = String.raw`
'use strict';
(() => {
  const PAGE = 120;
  const at = (id) => document.getElementById(id);
  const fold = (text) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  const url = (path) => path.split('/').map(encodeURIComponent).join('/');
  const images = at('data').textContent.split('\n').filter(Boolean).map((line) => JSON.parse(line));
  for (const image of images) {
    const texts = [image.prompt, image.model, image.note, image.file, ...image.tags, ...image.collections];
    image.text = fold(texts.join('\n'));
  }
  const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
  const plural = (count) => count.toLocaleString() + (count === 1 ? ' image' : ' images');
  let found = images;
  let shown = 0;
  let open = 0;

  const tile = (image, index) => {
    const button = document.createElement('button');
    button.type = 'button';
    const picture = document.createElement('img');
    picture.loading = 'lazy';
    picture.decoding = 'async';
    picture.alt = '';
    picture.src = url(image.thumbnail || image.file);
    const words = document.createElement('span');
    words.textContent = image.prompt || image.file.slice(image.file.indexOf('/') + 1);
    button.append(picture, words);
    button.addEventListener('click', () => show(index));
    return button;
  };

  const more = () => {
    const next = found.slice(shown, shown + PAGE);
    at('images').append(...next.map((image, index) => tile(image, shown + index)));
    shown += next.length;
  };

  const show = (index) => {
    if (!found[index]) return;
    open = index;
    const image = found[index];
    at('full').href = at('large').src = url(image.file);
    at('large').alt = image.prompt;
    const marks = [image.favourite && 'Favourite', image.rejected && 'Rejected'].filter(Boolean);
    const facts = [
      ['Prompt', image.prompt],
      ['Date', day.format(image.created)],
      ['Model', image.model],
      ['Size', image.width + ' × ' + image.height],
      ['Rating', image.rating ? '★'.repeat(image.rating) : ''],
      ['Marks', marks.join(', ')],
      ['Tags', image.tags.join(', ')],
      ['Collections', image.collections.join(', ')],
      ['Note', image.note],
      ['File', image.file],
      ['Record', image.record || ''],
    ];
    at('facts').replaceChildren(
      ...facts.filter(([, value]) => value).flatMap(([name, value]) => {
        const term = document.createElement('dt');
        const fact = document.createElement('dd');
        term.textContent = name;
        fact.textContent = value;
        fact.dir = 'auto';
        return [term, fact];
      }),
    );
    at('previous').disabled = index === 0;
    at('next').disabled = index === found.length - 1;
    if (!at('image').open) at('image').showModal();
  };

  const search = () => {
    const words = fold(at('search').value).split(/\s+/u).filter(Boolean);
    found = images.filter(({ text }) => words.every((word) => text.includes(word)));
    shown = 0;
    at('images').replaceChildren();
    at('count').textContent = words.length ? found.length.toLocaleString() + ' of ' + plural(images.length) : plural(images.length);
    more();
  };

  at('search').addEventListener('input', search);
  at('close').addEventListener('click', () => at('image').close());
  at('previous').addEventListener('click', () => show(open - 1));
  at('next').addEventListener('click', () => show(open + 1));
  at('image').addEventListener('keydown', (event) => {
    if (event.key === 'ArrowLeft') show(open - 1);
    if (event.key === 'ArrowRight') show(open + 1);
  });
  addEventListener('scroll', () => {
    if (innerHeight + scrollY > document.documentElement.scrollHeight - 1200) more();
  }, { passive: true });
  search();
})();
`;
