import { createHmac } from 'node:crypto';
import { linkSalesChannelsToApiKeyWorkflow } from '@medusajs/medusa/core-flows';
import type { MedusaContainer, StoreDTO } from '@medusajs/framework/types';
import { ContainerRegistrationKeys, Modules } from '@medusajs/framework/utils';
import type { Identity } from './settings';

/** The store remembers which identity it was given, in its metadata. */
const MARK = 'platform_identity';

/** Ours among the numbers that sessions of one database may lock. */
const LOCK = 7_231_005;

/**
 * Makes a clone of the template into this store: its name, its admin login, its publishable key.
 *
 * Every step looks before it writes, and the mark is set last, so that a crash half-way only means
 * that the next boot does it again. With the mark in place nothing is touched: a name or password
 * that the owner has changed since stays changed.
 */
export async function ensureIdentity(container: MedusaContainer, identity: Identity, secret: string): Promise<void> {
  const mark = createHmac('sha256', secret).update(JSON.stringify(identity)).digest('hex');
  if ((await readStore(container)).metadata?.[MARK] === mark) return;
  // Servers of one store that start together would make its admin twice.
  await container.resolve(ContainerRegistrationKeys.PG_CONNECTION).transaction(async (lock) => {
    await lock.raw('SELECT pg_advisory_xact_lock(?)', [LOCK]);
    const store = await readStore(container);
    if (store.metadata?.[MARK] !== mark) await giveIdentity(container, identity, store, mark);
  });
}

async function readStore(container: MedusaContainer): Promise<StoreDTO> {
  const [store] = await container.resolve(Modules.STORE).listStores({}, { take: 1 });
  if (!store) throw new Error('the database holds no store: was the template seeded?');
  return store;
}

async function giveIdentity(
  container: MedusaContainer,
  identity: Identity,
  store: StoreDTO,
  mark: string,
): Promise<void> {
  await ensureAdmin(container, identity);
  await ensurePublishableKey(container, identity.publishableKey, store);
  const metadata = { ...store.metadata, [MARK]: mark };
  await container.resolve(Modules.STORE).updateStores(store.id, { name: identity.storeName, metadata });
}

async function ensureAdmin(container: MedusaContainer, { adminEmail, adminPassword }: Identity): Promise<void> {
  const users = container.resolve(Modules.USER);
  const [known] = await users.listUsers({ email: adminEmail }, { take: 1 });
  const user = known ?? (await users.createUsers({ email: adminEmail }));
  const identityId = await ensureLogin(container, adminEmail, adminPassword);
  await container.resolve(Modules.AUTH).updateAuthIdentities({ id: identityId, app_metadata: { user_id: user.id } });
}

/** The e-mail and password behind a user; returns the id of the auth identity. */
async function ensureLogin(container: MedusaContainer, email: string, password: string): Promise<string> {
  const auth = container.resolve(Modules.AUTH);
  const [known] = await auth.listProviderIdentities({ provider: 'emailpass', entity_id: email }, { take: 1 });
  const answer = known
    ? await auth.updateProvider('emailpass', { entity_id: email, password })
    : await auth.register('emailpass', { body: { email, password } });
  if (!answer.success || !answer.authIdentity) throw new Error(`the admin login could not be made: ${answer.error}`);
  return answer.authIdentity.id;
}

/**
 * The template's own key is re-used: it is the oldest one, and already linked to the sales channel.
 * Medusa draws the tokens of keys itself, so ours is written by SQL.
 */
async function ensurePublishableKey(container: MedusaContainer, token: string, store: StoreDTO): Promise<void> {
  const keys = container.resolve(Modules.API_KEY);
  const oldestFirst = { take: 1, order: { created_at: 'ASC' } } as const;
  const [known] = await keys.listApiKeys({ type: 'publishable' }, oldestFirst);
  const title = 'Storefront';
  const key = known ?? (await keys.createApiKeys({ title, type: 'publishable', created_by: 'store-platform' }));
  if (key.token !== token) {
    const redacted = `${token.slice(0, 6)}***${token.slice(-3)}`;
    const sql = container.resolve(ContainerRegistrationKeys.PG_CONNECTION);
    await sql('api_key').where({ id: key.id }).update({ token, redacted, title, revoked_at: null, revoked_by: null });
  }
  await linkToSalesChannel(container, key.id, store);
}

async function linkToSalesChannel(container: MedusaContainer, keyId: string, store: StoreDTO): Promise<void> {
  const channel = store.default_sales_channel_id;
  if (!channel) throw new Error('the store has no default sales channel');
  const query = container.resolve(ContainerRegistrationKeys.QUERY);
  const { data } = await query.graph({
    entity: 'api_key',
    fields: ['id', 'sales_channels_link.sales_channel_id'],
    filters: { id: keyId },
  });
  const links: { sales_channel_id: string }[] = data[0]?.sales_channels_link ?? [];
  if (links.some((link) => link?.sales_channel_id === channel)) return;
  await linkSalesChannelsToApiKeyWorkflow(container).run({ input: { id: keyId, add: [channel] } });
}
