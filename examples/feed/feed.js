// An Atom feed through responseXML, and an HTML page through responseType = 'document'.
const ATOM = 'http://www.w3.org/2005/Atom';
const DC = 'http://purl.org/dc/elements/1.1/';

const feed = new XMLHttpRequest();
feed.open('GET', 'news.xml');
feed.addEventListener('load', () => {
  const xml = feed.responseXML;
  document.getElementById('title').textContent = xml.querySelector('feed > title').textContent;
  for (const entry of xml.getElementsByTagNameNS(ATOM, 'entry')) {
    const item = document.createElement('li');
    const link = document.createElement('a');
    link.setAttribute('href', entry.getElementsByTagName('link')[0].getAttribute('href'));
    link.textContent = entry.querySelector('title').textContent;
    const author = entry.getElementsByTagNameNS(DC, 'creator')[0].textContent;
    const summary = entry.querySelector('summary').textContent;
    item.append(link, ` by ${author}: ${summary}`);
    document.getElementById('entries').append(item);
  }
});
feed.send();

const page = new XMLHttpRequest();
page.open('GET', 'footer.html');
page.responseType = 'document';
page.onload = () => {
  const footer = document.getElementById('about');
  footer.textContent = '';
  for (const note of page.response.querySelectorAll('p.note')) {
    // A node of another document is adopted as it is inserted.
    footer.appendChild(note);
  }
  const script = footer.querySelector('script');
  if (script) script.remove();
};
page.send();
