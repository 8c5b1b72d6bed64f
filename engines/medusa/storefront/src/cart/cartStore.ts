import type { NewItem, StoreApi } from '../api/storeApi.ts';
import type { Cart } from '../api/types.ts';
import { isFinished, isMissing, isRefusedCountry } from '../api/words.ts';
import { withQuantities } from './maths.ts';

export const CART_KEY = 'cart';

export interface CartState {
  status: 'loading' | 'ready' | 'failed';
  cart: Cart | null;
}

export type CartApi = Pick<StoreApi, 'cart' | 'createCart' | 'addItem' | 'setQuantity' | 'removeItem'>;

interface Parts {
  api: CartApi;
  regionId: string;
  /** Where the shopper probably is. */
  country: string;
  storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
}

/**
 * The one cart of this browser. Its id outlives the page; a finished or lost
 * cart is replaced silently. Changes go to the shop one after another, and
 * clicks that arrive meanwhile are shown at once and sent as one.
 */
export class CartStore {
  readonly #parts: Parts;
  readonly #listeners = new Set<() => void>();
  /** Quantities that the shop has not confirmed yet, by line. */
  readonly #wanted = new Map<string, number>();
  #confirmed: Cart | null = null;
  #state: CartState = { status: 'loading', cart: null };
  #queue: Promise<unknown> = Promise.resolve();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly snapshot = (): CartState => this.#state;

  /** Asks the shop again, keeping what is shown meanwhile. */
  refresh(): Promise<void> {
    return this.inTurn(() => this.#load());
  }

  add(item: NewItem): Promise<void> {
    return this.inTurn(() => this.#add(item));
  }

  /** Zero removes the line. */
  setQuantity(itemId: string, quantity: number): Promise<void> {
    this.#wanted.set(itemId, quantity);
    this.#show();
    return this.inTurn(() => this.#send(itemId));
  }

  /** Work that no other change of the cart may overlap. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#queue.then(work);
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  keep(cart: Cart): void {
    this.#confirmed = cart;
    this.#parts.storage.setItem(CART_KEY, cart.id);
    this.#show();
  }

  forget(): void {
    this.#confirmed = null;
    this.#wanted.clear();
    this.#parts.storage.removeItem(CART_KEY);
    this.#show();
  }

  #show(status: CartState['status'] = 'ready'): void {
    this.#state = { status, cart: this.#confirmed && withQuantities(this.#confirmed, this.#wanted) };
    for (const listener of this.#listeners) listener();
  }

  async #load(): Promise<void> {
    const id = this.#parts.storage.getItem(CART_KEY);
    if (!id) return this.forget();
    try {
      const cart = await this.#parts.api.cart(id);
      if (cart.completed_at) this.forget();
      else this.keep(cart);
    } catch (error) {
      if (isMissing(error)) this.forget();
      else this.#show('failed');
    }
  }

  async #add(item: NewItem): Promise<void> {
    const id = this.#parts.storage.getItem(CART_KEY);
    if (id) {
      try {
        return this.keep(await this.#parts.api.addItem(id, item));
      } catch (error) {
        if (!isFinished(error) && !(isMissing(error) && (await this.#isLost(id)))) throw error;
      }
    }
    this.keep(await this.#begin(item));
  }

  /** "Not found" may mean the cart or the product. */
  #isLost(id: string): Promise<boolean> {
    return this.#parts.api.cart(id).then((cart) => Boolean(cart.completed_at), isMissing);
  }

  /** Begun with the likely country, so that delivery has its price early; the shop may not sell there. */
  async #begin(item: NewItem): Promise<Cart> {
    const { api, regionId, country } = this.#parts;
    try {
      return await api.createCart(regionId, [item], country);
    } catch (error) {
      if (!isRefusedCountry(error)) throw error;
      return api.createCart(regionId, [item]);
    }
  }

  async #send(itemId: string): Promise<void> {
    const { api } = this.#parts;
    const quantity = this.#wanted.get(itemId);
    const cartId = this.#confirmed?.id;
    if (quantity === undefined || !cartId) return;
    try {
      const cart = await (quantity > 0 ? api.setQuantity(cartId, itemId, quantity) : api.removeItem(cartId, itemId));
      if (this.#wanted.get(itemId) === quantity) this.#wanted.delete(itemId);
      this.keep(cart);
    } catch (error) {
      this.#wanted.delete(itemId);
      this.#show();
      if (isMissing(error) || isFinished(error)) return this.#load();
      throw error;
    }
  }
}
