import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';

const noPhp = spawnSync('php', ['-v']).status === 0 ? null : 'no php on this machine';
const SECRET = `whsec_${'0123456789abcdef'.repeat(4)}`;

/**
 * As much of WordPress, WooCommerce and its scheduler as ours calls. Standard input is the order and what the platform
 * answers; what has become of it comes out as JSON. With the real ones it is tested in test/e2e/shop-orders.test.ts.
 */
const HARNESS = `
namespace {
  $given = json_decode(stream_get_contents(STDIN), true);
  $seen = ['posts' => [], 'kept' => [], 'hooks' => [], 'away' => !empty($given['away'])];
  class WC_Order_Item {
    function __construct(private array $item) {}
    function get_name() { return $this->item['name']; }
    function get_quantity() { return $this->item['quantity']; }
    function get_total() { return $this->item['total']; }
    function get_total_tax() { return $this->item['tax'] ?? '0'; }
  }
  class WC_Order {
    function __construct(private array $order) {}
    function get_items() { return array_map(fn ($item) => new WC_Order_Item($item), $this->order['items']); }
    function has_status($of) { return in_array($this->order['status'], (array) $of, true); }
    function get_id() { return 7; }
    function get_currency() { return $this->order['currency']; }
    function get_total() { return $this->order['total']; }
    function get_total_refunded() { return $this->order['refunded'] ?? 0; }
    function get_date_paid() { return empty($this->order['paid']) ? null : new DateTime(); }
    function get_order_key() { return 'wc_order_x'; }
    function get_order_number() { return '7'; }
    function get_date_created() { return new DateTime($this->order['date'] ?? '2026-11-21T14:00:00+01:00'); }
  }
  class ActionScheduler {
    static function store() { return new self; }
    function delete_action($id) {
      if (!isset($GLOBALS['seen']['kept'][$id])) throw new InvalidArgumentException();
      unset($GLOBALS['seen']['kept'][$id]);
    }
  }
  const HOUR_IN_SECONDS = 3600;
  const MINUTE_IN_SECONDS = 60;
  function add_action($hook, $callback) { $GLOBALS['seen']['hooks'][$hook] = $callback; }
  function wp_json_encode($value, $flags = 0) { return json_encode($value, $flags); }
  function wp_strip_all_tags($text) { return strip_tags($text); }
  function wc_get_order($id) { return 7 === $id ? new WC_Order($GLOBALS['given']['order']) : false; }
  function get_transient() { return $GLOBALS['seen']['away']; }
  function set_transient() { $GLOBALS['seen']['away'] = true; }
  function as_schedule_single_action($when, $hook, $args) {
    static $id = 0;
    $GLOBALS['seen']['kept'][++$id] = [$args, $when - time()];
    return $id;
  }
  function wp_remote_post($url, $request) {
    $GLOBALS['seen']['posts'][] = ['url' => $url] + $request;
    usleep(1000 * ($GLOBALS['given']['ms'] ?? 0));
    return ['status' => $GLOBALS['given']['answer'] ?? 202];
  }
  function wp_remote_retrieve_response_code($answer) { return $answer['status'] ?: ''; }
  function wp_remote_retrieve_body() { return '{"error":"because"}'; }
}
namespace StorePlatform {
  require '${join(import.meta.dirname, 'wordpress/serve/settings.php')}';
  require '${join(import.meta.dirname, 'wordpress/mu-plugins/orders.php')}';
  if (isset($given['try'])) tell_or_try_again(7, $given['try']);
  else if (isset($given['order'])) {
    foreach (['woocommerce_after_order_object_save', 'woocommerce_order_refunded'] as $hook) {
      $seen['hooks'][$hook]('woocommerce_order_refunded' === $hook ? 7 : wc_get_order(7));
      if (!empty($given['saved'])) break;
    }
    $seen['keptBefore'] = $seen['kept'];
    tell_of_noted_orders();
  }
  echo json_encode($seen);
}`;

interface Outcome {
  posts: { url: string; headers: Record<string, string>; body: string; timeout: number }[];
  kept: Record<string, [[number, number], number]>;
  keptBefore?: Outcome['kept'];
  hooks: Record<string, string> | [];
  away: boolean;
  log: string;
}

const ENV = { ORDERS_URL: 'http://platform/api/v1/orders', ORDERS_SECRET: SECRET, STORE_ID: 'store' };

function run(given: object, env: Record<string, string> = ENV): Outcome {
  const php = spawnSync('php', ['-d', 'error_log=', '-d', 'display_errors=stderr', '-r', HARNESS], {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    encoding: 'utf8',
    input: JSON.stringify(given),
  });
  expect(php.status, php.stderr + php.stdout).toBe(0);
  return { ...JSON.parse(php.stdout), log: php.stderr };
}

const ORDER = {
  status: 'processing',
  currency: 'USD',
  total: '84.80',
  items: [{ name: 'Wool <b>Scarf</b>', quantity: 2, total: '79.80' }],
};
const told = (order: object) => {
  const [post] = run({ order: { ...ORDER, ...order } }).posts;
  return post ? JSON.parse(post.body).orders : [];
};
const base = { storeId: 'store', externalId: 'wc_order_x', number: '7', currency: 'USD' };
const placedAt = '2026-11-21T13:00:00Z';

describe.skipIf(noPhp)(`what a WooCommerce shop tells of its orders${noPhp ? ` (${noPhp})` : ''}`, () => {
  it('is all that holds of an order, each fact under a name that stays', () => {
    const [placed, ...others] = told({ status: 'cancelled', paid: true, refunded: '4.33' });
    expect(placed).toEqual({
      ...base,
      placedAt,
      event: 'placed',
      eventId: 'wc_order_x:placed',
      total: 8480,
      items: [{ name: 'Wool Scarf', quantity: 2, unitPrice: 3990 }],
    });
    expect(others).toEqual([
      { ...base, placedAt, event: 'paid', eventId: 'wc_order_x:paid' },
      { ...base, placedAt, event: 'cancelled', eventId: 'wc_order_x:cancelled' },
      { ...base, placedAt, event: 'refunded', eventId: 'wc_order_x:refunded:433', refunded: 433 },
    ]);
  });

  it.each([
    ['JPY', '1999', 1999],
    ['KWD', '1.2345', 1235],
    ['USD', '19.99', 1999],
    ['EUR', '1.15', 115],
    ['CLF', '0.5', 5000],
  ])('trap 11: counts %s %s as %d', (currency, total, units) => {
    expect(told({ currency, total })[0]).toMatchObject({ currency, total: units });
  });

  it('is nothing of a draft, of a declined payment, nor of an order with nothing in it', () => {
    for (const order of [{ status: 'checkout-draft' }, { status: 'failed' }, { items: [] }])
      expect(told(order)).toEqual([]);
  });

  it('fits what the platform takes', () => {
    const item = { name: '😀'.repeat(300), quantity: 0.2, total: '-1' };
    const [placed] = told({ items: Array.from({ length: 120 }, () => item), date: '2999-01-01T00:00:00Z' });
    expect(placed.items).toHaveLength(100);
    expect(placed.items[0]).toEqual({ name: '😀'.repeat(127), quantity: 1, unitPrice: 0 });
    expect(Date.parse(placed.placedAt)).toBeLessThanOrEqual(Date.now());
    expect(told({ items: [{ ...item, name: '<i> </i>' }] })[0].items[0].name).toBe('?');
  });

  it('is nothing at all where nobody wants to hear of it', () => {
    for (const name of Object.keys(ENV)) expect(run({}, { ...ENV, [name]: '' }).hooks).toEqual([]);
    expect(run({}).hooks).toHaveProperty('woocommerce_after_order_object_save');
  });
});

describe.skipIf(noPhp)(`how a WooCommerce shop tells of its orders${noPhp ? ` (${noPhp})` : ''}`, () => {
  it('is signed as Standard Webhooks has it', () => {
    const [post] = run({ order: ORDER }).posts;
    expect(post).toMatchObject({ url: ENV.ORDERS_URL, timeout: 2 });
    expect(() => new Webhook(SECRET).verify(post?.body ?? '', post?.headers ?? {})).not.toThrow();
  });

  it('is kept first, once, and forgotten when the platform has it', () => {
    const { kept, keptBefore, posts } = run({ order: ORDER });
    expect(Object.values(keptBefore ?? {})).toEqual([[[7, 1], 30]]);
    expect([Object.values(kept), posts.length]).toEqual([[], 1]);
  });

  it('costs nothing while a checkout saves its draft', () => {
    expect(run({ order: { ...ORDER, status: 'checkout-draft' }, saved: true }).keptBefore).toEqual([]);
    expect(run({ order: ORDER, saved: true }).keptBefore).toEqual({ 1: expect.anything() });
  });

  it.each([0, 302, 401, 429, 500, 503])('stays kept after the answer %d', (answer) => {
    expect(Object.values(run({ order: ORDER, answer }).kept)).toHaveLength(1);
  });

  it.each([404, 413, 422])('is logged and forgotten after the answer %d', (answer) => {
    const { kept, log } = run({ order: ORDER, answer });
    expect([kept, log]).toEqual([[], expect.stringContaining(`refuses order 7 (${answer}): {"error":"because"}`)]);
  });

  it('leaves a platform that keeps shoppers waiting to the scheduler', () => {
    expect(run({ order: ORDER, answer: 0, ms: 1100 })).toMatchObject({ away: true, posts: [{}] });
    expect(run({ order: ORDER, away: true })).toMatchObject({ posts: [], kept: { 1: expect.anything() } });
  });

  it('is tried again with growing pauses, the next try kept before this one, for days', () => {
    expect(run({ order: ORDER, try: 1 }).kept).toEqual([]);
    const pause = (tried: number) => Object.values(run({ order: ORDER, answer: 503, try: tried }).kept)[0];
    expect([1, 2, 5, 50].map(pause)).toEqual([
      [[7, 2], 60],
      [[7, 3], 120],
      [[7, 6], 960],
      [[7, 51], 3600],
    ]);
    const last = run({ order: ORDER, answer: 503, try: 200 });
    expect([last.kept, last.log]).toEqual([[], expect.stringContaining('could not be told of order 7')]);
  });
});
