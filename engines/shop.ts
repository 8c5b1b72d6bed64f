import type { ShopFetch } from './engine.ts';

/** A shop's HTTP as a test purchase needs it, whatever the engine; notes how long each leg took. */
export class Shop {
  readonly legs: { name: string; ms: number }[] = [];
  readonly #fetch: ShopFetch;
  readonly #signal: AbortSignal;

  constructor(fetch: ShopFetch, signal: AbortSignal) {
    this.#fetch = fetch;
    this.#signal = signal;
  }

  /** One step of the purchase. Its failure bears its name. */
  async leg<T>(name: string, work: () => Promise<T>): Promise<T> {
    const start = performance.now();
    try {
      return await work();
    } catch (error) {
      this.#signal.throwIfAborted();
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`The test purchase failed at "${name}": ${reason}`, { cause: error });
    } finally {
      this.legs.push({ name, ms: Math.round(performance.now() - start) });
    }
  }

  /** Throws unless the path answers 200, without a redirect, with an HTML page. */
  async page(path: string): Promise<void> {
    const response = await this.answer(path, { headers: { accept: 'text/html' } });
    const html = await response.text();
    if (!/<html/i.test(html)) throw new Error('the storefront is no HTML page');
  }

  async json<T>(path: string, init: RequestInit): Promise<T> {
    return (await (await this.answer(path, init)).json()) as T;
  }

  /** A good answer; any other is an error that shows how it begins. */
  async answer(path: string, init: RequestInit): Promise<Response> {
    const response = await this.ask(path, init);
    if (response.ok) return response;
    const text = (await response.text()).replaceAll(/\s+/g, ' ').slice(0, 200);
    throw new Error(`the shop answered ${response.status}: ${text}`);
  }

  /** Whatever is answered, redirects too. */
  ask(path: string, init: RequestInit): Promise<Response> {
    return this.#fetch(path, { ...init, signal: this.#signal });
  }
}

export function first<T>(list: readonly T[], otherwise: string): T {
  const [item] = list;
  if (item === undefined) throw new Error(otherwise);
  return item;
}
