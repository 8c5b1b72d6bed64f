/** The parts of Medusa's Store API that this shop reads. Amounts are major units: 12.5 is $12.50. */

export interface Shop {
  name: string;
  publishableKey: string;
  adminUrl: string;
}

export interface Region {
  id: string;
  currency_code: string;
}

export interface Country {
  iso_2: string;
  display_name: string;
}

export interface CalculatedPrice {
  calculated_amount: number | null;
  original_amount: number | null;
  currency_code: string | null;
}

export interface Variant {
  id: string;
  title: string | null;
  manage_inventory?: boolean | null;
  allow_backorder?: boolean | null;
  inventory_quantity?: number | null;
  calculated_price?: CalculatedPrice | null;
}

export interface Product {
  id: string;
  handle: string;
  title: string;
  subtitle?: string | null;
  description?: string | null;
  thumbnail?: string | null;
  images?: { id: string; url: string }[] | null;
  variants?: Variant[] | null;
}

export interface ProductPage {
  products: Product[];
  count: number;
}

export interface LineItem {
  id: string;
  title: string;
  product_id?: string | null;
  product_title?: string | null;
  product_handle?: string | null;
  variant_title?: string | null;
  thumbnail?: string | null;
  quantity: number;
  unit_price: number;
}

export interface Address {
  first_name?: string | null;
  last_name?: string | null;
  address_1?: string | null;
  address_2?: string | null;
  city?: string | null;
  province?: string | null;
  postal_code?: string | null;
  country_code?: string | null;
  phone?: string | null;
}

export interface Totals {
  currency_code: string;
  item_subtotal: number;
  shipping_subtotal: number;
  tax_total: number;
  total: number;
}

export interface Cart extends Totals {
  id: string;
  email?: string | null;
  completed_at?: string | null;
  items: LineItem[];
  shipping_address?: Address | null;
  shipping_methods?: { shipping_option_id?: string | null }[] | null;
}

export interface ShippingOption {
  id: string;
  name: string;
  amount: number | null;
}

export interface Order extends Totals {
  id: string;
  display_id: number;
  email?: string | null;
  created_at: string;
  items: LineItem[];
  shipping_address?: Address | null;
  shipping_methods?: { name: string }[] | null;
}

/** Completing a cart either makes the order or hands the cart back with a reason. */
export type Completion =
  | { type: 'order'; order: Order }
  | { type: 'cart'; cart: Cart; error: { message: string; type?: string } };
