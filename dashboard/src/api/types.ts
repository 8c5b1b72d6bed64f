import type { components } from '../../../src/cli/api.generated.d.ts';

/* The API's own names for what it answers with, from its document. */
type Schemas = components['schemas'];
export type Store = Schemas['Store'];
export type StoreStatus = Schemas['StoreStatus'];
export type EngineName = Schemas['Engine'];
export type StoreEvent = Schemas['StoreEvent'];
export type StoreCredentials = Schemas['StoreCredentials'];
export type Usage = Schemas['StoreUsage']['usage'][number];
export type Engine = Schemas['Engines']['engines'][number];
export type Me = Schemas['Me'];
export type User = Schemas['User'];
export type ApiKey = Schemas['ApiKey'];
