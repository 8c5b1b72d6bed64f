/** The few files of the pages. They are text here, so that a build needs to copy nothing. */
export const FILES: Readonly<Record<string, { type: string; content: string }>> = {
  'style.css': { type: 'text/css; charset=utf-8', content: style() },
  'sign-in.js': { type: 'text/javascript; charset=utf-8', content: signInScript() },
  'home.js': { type: 'text/javascript; charset=utf-8', content: homeScript() },
  'icon.svg': { type: 'image/svg+xml', content: icon() },
};

function style(): string {
  return `:root {
  color-scheme: light dark;
  --ink: light-dark(#1d1d20, #ececf0);
  --soft: light-dark(#5c5c66, #a4a4b0);
  --line: light-dark(#dcdce2, #3a3a44);
  --paper: light-dark(#fff, #17171b);
  --accent: light-dark(#0b5c4a, #6ad3b6);
  --on-accent: light-dark(#fff, #10241e);
  --bad: light-dark(#a3231d, #ff9b94);
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 system-ui, sans-serif; }
main { max-width: 68rem; margin: 0 auto; padding: 1.5rem; }
main.narrow { max-width: 26rem; padding-top: 12vh; }
header { display: flex; flex-wrap: wrap; gap: 1rem; align-items: center; padding: .75rem 1.5rem; border-bottom: 1px solid var(--line); }
header .name { font-weight: 650; text-decoration: none; color: inherit; }
header .who { margin-left: auto; color: var(--soft); }
h1 { font-size: 1.6rem; line-height: 1.2; margin: 0 0 1rem; }
h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
a { color: var(--accent); }
label { display: block; margin: 0 0 1rem; }
input { display: block; width: 100%; margin-top: .25rem; padding: .55rem .7rem; font: inherit; color: inherit; background: transparent; border: 1px solid var(--soft); border-radius: .4rem; }
button { font: inherit; padding: .5rem .9rem; color: var(--on-accent); background: var(--accent); border: 0; border-radius: .4rem; cursor: pointer; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
[role="alert"] { color: var(--bad); min-height: 1.6em; }
.scroll { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; }
th, td { text-align: left; vertical-align: top; padding: .6rem 1rem .6rem 0; border-bottom: 1px solid var(--line); }
thead th, time { color: var(--soft); font-weight: 400; }
td a { margin-right: .75rem; }
small { display: block; color: var(--soft); font-weight: 400; }
.status::before { content: ""; display: inline-block; width: .6em; height: .6em; margin-right: .45em; border-radius: 50%; background: var(--soft); }
.status.ready::before { background: var(--accent); }
.status.failed { color: var(--bad); }
.status.failed::before { background: var(--bad); }
pre { padding: .8rem 1rem; overflow-x: auto; border: 1px solid var(--line); border-radius: .4rem; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip { position: absolute; left: -100vw; }
.skip:focus { left: 1rem; top: 1rem; padding: .5rem 1rem; background: var(--paper); }
`;
}

function signInScript(): string {
  return `const message = document.getElementById('message');

async function signIn(body) {
  message.textContent = '';
  try {
    const answer = await fetch('/api/v1/session', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error((await answer.json()).error.message);
    location.replace(location.pathname === '/sign-in' ? '/' : location.href);
  } catch (error) {
    message.textContent = error.message;
  }
}

document.getElementById('sign-in')?.addEventListener('submit', (event) => {
  event.preventDefault();
  signIn(Object.fromEntries(new FormData(event.target)));
});

const token = new URLSearchParams(location.hash.slice(1)).get('token');
if (location.pathname === '/sign-in') {
  history.replaceState(null, '', '/sign-in');
  if (token) signIn({ token });
  else location.replace('/');
}
`;
}

function homeScript(): string {
  return `document.getElementById('sign-out').addEventListener('click', async () => {
  await fetch('/api/v1/session', { method: 'DELETE' });
  location.replace('/');
});

let soon;
new EventSource('/api/v1/stores/events/stream').onmessage = () => {
  clearTimeout(soon);
  soon = setTimeout(() => location.reload(), 400);
};
`;
}

function icon(): string {
  return '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path fill="#0b5c4a" d="M3 9l2-5h14l2 5v2a3 3 0 0 1-2 2.8V20H5v-6.2A3 3 0 0 1 3 11z"/></svg>\n';
}
