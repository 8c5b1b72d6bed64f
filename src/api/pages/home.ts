import type { Actor } from '../../db/database.ts';
import type { Store } from '../../stores/store.ts';
import { html, page, type Html } from './html.ts';

/** What a person sees first: their stores, how to reach them, and how to make one. */
export function homePage(viewer: Actor, { stores, total }: { stores: readonly Store[]; total: number }): string {
  return page(
    'Stores',
    html`<header>
        <a href="/" class="name">Store Platform</a>
        <nav aria-label="Main"><a href="/api-docs">API</a></nav>
        <span class="who">${viewer.email}</span>
        <button id="sign-out" type="button">Sign out</button>
      </header>
      <main id="main">
        <h1>${viewer.role === 'admin' ? 'All stores' : 'Your stores'}</h1>
        ${stores.length === 0 ? none() : table(stores)}
        ${total > stores.length && html`<p>The newest ${stores.length} of ${total}.</p>`}
        <h2>Make another</h2>
        <pre><code>npx store-platform create "Tea House" --engine medusa --wait</code></pre>
      </main>`,
    { script: 'home.js' },
  );
}

function none(): Html {
  return html`<p>None yet.</p>`;
}

function table(stores: readonly Store[]): Html {
  return html`<div class="scroll">
    <table>
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Engine</th>
          <th scope="col">Status</th>
          <th scope="col">Addresses</th>
          <th scope="col">Created</th>
        </tr>
      </thead>
      <tbody>
        ${stores.map(row)}
      </tbody>
    </table>
  </div>`;
}

function row(store: Store): Html {
  return html`<tr>
    <th scope="row">${store.name}<small>${store.slug}</small></th>
    <td>${store.engine}</td>
    <td><span class="status ${store.status}">${store.status}</span>${detail(store)}</td>
    <td>${links(store)}</td>
    <td>
      <time datetime="${store.createdAt.toISOString()}"
        >${store.createdAt.toISOString().slice(0, 16).replace('T', ' ')} UTC</time
      >
    </td>
  </tr> `;
}

function detail({ errorMessage, operation }: Store): Html | null {
  if (errorMessage !== null) return html`<small>${errorMessage}</small>`;
  return operation && html`<small>${operation.step}</small>`;
}

function links({ urls, name, status }: Store): Html | null {
  if (urls === null || status === 'deleting') return null;
  return html`<a href="${urls.storefront}">Storefront<span class="hidden"> of ${name}</span></a>
    <a href="${urls.admin}">Admin<span class="hidden"> of ${name}</span></a>`;
}
