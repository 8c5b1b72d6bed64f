import { html, page } from './html.ts';

/** For people who are not signed in, at whatever address they came to; afterwards they are where they wanted to go. */
export function signInPage(): string {
  return page(
    'Sign in',
    html`<main id="main" class="narrow">
      <h1>Store Platform</h1>
      <p>Real online shops that sell, made in seconds.</p>
      <form id="sign-in">
        <label>E-mail <input name="email" type="email" autocomplete="username" required /></label>
        <label>Password <input name="password" type="password" autocomplete="current-password" required /></label>
        <button>Sign in</button>
        <p id="message" role="alert"></p>
      </form>
      <noscript><p>Signing in needs JavaScript.</p></noscript>
      <h2>The first time here?</h2>
      <p>
        The platform printed a sign-in link when it started for the first time. If you were invited, open the link that
        you were given. On the machine itself, <code>npx store-platform</code> works without signing in.
      </p>
    </main>`,
    { script: 'sign-in.js' },
  );
}

/** Where a one-time link leads. The script posts the token, so that whoever only looks at a link does not use it up. */
export function linkPage(): string {
  return page(
    'Signing in',
    html`<main id="main" class="narrow">
      <h1>Signing you in…</h1>
      <p id="message" role="alert"></p>
      <noscript><p>Signing in needs JavaScript.</p></noscript>
      <p><a href="/">Sign in with a password instead</a></p>
    </main>`,
    { script: 'sign-in.js' },
  );
}
