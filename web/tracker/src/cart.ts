// E-commerce: a cart in the page's memory, orders and product views.

import { Methods, Params, numeric, text, warn } from './params';

type Item = [sku: string, name: string, category: string | string[], price: number, quantity: number];

export interface Cart {
  /** Takes the product or category that setEcommerceView announced for the next page view. */
  takeView(): Params;
  methods: Methods;
}

export function createCart(hit: (params: Params) => void): Cart {
  const items = new Map<string, Item>();
  let view: Params = {};
  const lines = () => JSON.stringify([...items.values()]);

  return {
    takeView() {
      const taken = view;
      view = {};
      return taken;
    },
    methods: {
      setEcommerceView(sku?: unknown, name?: unknown, category?: unknown, price?: unknown) {
        view = { _pks: text(sku), _pkn: text(name), _pkc: categories(category, true), _pkp: numeric(price) };
      },
      addEcommerceItem(sku?: unknown, name?: unknown, category?: unknown, price?: unknown, quantity?: unknown) {
        const key = text(sku);
        if (key) {
          items.set(key, [key, text(name), categories(category), numeric(price) ?? 0, numeric(quantity) ?? 1]);
        }
      },
      removeEcommerceItem: (sku?: unknown) => { items.delete(text(sku)); },
      clearEcommerceCart: () => items.clear(),
      getEcommerceItems: () => Object.fromEntries([...items].map(([sku, item]) => [sku, [...item]])),
      trackEcommerceOrder(id?: unknown, total?: unknown, subTotal?: unknown, tax?: unknown, shipping?: unknown, discount?: unknown) {
        if (!text(id) || numeric(total) === undefined) {
          return warn('trackEcommerceOrder needs an order id and a total');
        }
        hit({
          idgoal: 0, ec_id: text(id), revenue: numeric(total), ec_st: numeric(subTotal), ec_tx: numeric(tax),
          ec_sh: numeric(shipping), ec_dt: numeric(discount), ec_items: lines(),
        });
        items.clear();
      },
      trackEcommerceCartUpdate(total?: unknown) {
        if (numeric(total) === undefined) {
          return warn('trackEcommerceCartUpdate needs a total');
        }
        hit({ idgoal: 0, revenue: numeric(total), ec_items: lines() });
      },
    },
  };
}

function categories(value: unknown): string | string[];
function categories(value: unknown, asText: true): string;
function categories(value: unknown, asText?: true): string | string[] {
  if (!Array.isArray(value)) {
    return text(value);
  }
  const names = value.map(text).filter(Boolean);
  return asText ? JSON.stringify(names) : names;
}
