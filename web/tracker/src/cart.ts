// E-commerce: a cart in the page's memory, orders and product views.

import { Methods, numeric, text, warn } from './values';
import { Params } from './wire';

export interface Cart {
  /** Takes the product or category that setEcommerceView announced for the next page view. */
  takeView(): Params;
  methods: Methods;
}

export function createCart(hit: (params: Params) => void): Cart {
  const items = new Map<string, unknown[]>();
  let view: Params = {};
  const order = (needed: unknown[], params: Params) => {
    if (needed.includes('') || numeric(params.revenue) === undefined) {
      return warn('an order needs an id and a total');
    }
    hit({ idgoal: 0, ...params, ec_items: JSON.stringify([...items.values()]) });
  };

  return {
    takeView() {
      const taken = view;
      view = {};
      return taken;
    },
    methods: {
      setEcommerceView(sku, name, category, price) {
        view = {
          _pks: text(sku), _pkn: text(name), _pkp: numeric(price),
          _pkc: Array.isArray(category) ? JSON.stringify(categories(category)) : text(category),
        };
      },
      addEcommerceItem(sku, name, category, price, quantity) {
        const key = text(sku);
        if (key) {
          items.set(key, [key, text(name), categories(category), numeric(price) ?? 0, numeric(quantity) ?? 1]);
        }
      },
      removeEcommerceItem: (sku) => { items.delete(text(sku)); },
      clearEcommerceCart: () => items.clear(),
      getEcommerceItems: () => Object.fromEntries([...items].map(([sku, item]) => [sku, [...item]])),
      trackEcommerceOrder(id, total, subTotal, tax, shipping, discount) {
        order([text(id)], {
          ec_id: text(id), revenue: numeric(total), ec_st: numeric(subTotal), ec_tx: numeric(tax),
          ec_sh: numeric(shipping), ec_dt: numeric(discount),
        });
        items.clear();
      },
      trackEcommerceCartUpdate: (total) => order([], { revenue: numeric(total) }),
    },
  };
}

function categories(value: unknown): string | string[] {
  return Array.isArray(value) ? value.map(text).filter(Boolean) : text(value);
}
