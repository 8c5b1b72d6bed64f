import {
  createProductsWorkflow,
  createRegionsWorkflow,
  createShippingOptionsWorkflow,
  createShippingProfilesWorkflow,
  createStockLocationsWorkflow,
  linkSalesChannelsToStockLocationWorkflow,
  createInventoryLevelsWorkflow,
} from '@medusajs/medusa/core-flows';
import type { MedusaContainer } from '@medusajs/framework/types';
import { ContainerRegistrationKeys, Modules, ProductStatus } from '@medusajs/framework/utils';
import { GOODS, STOCK, type Good } from './catalogue';

const CURRENCY = 'usd';
const PAYMENT = 'pp_system_default';
const CARRIER = 'manual_manual';

/**
 * A shop that can sell anything to anyone at once: one region of all countries, one warehouse, one
 * way of shipping. Each step finds what an earlier, interrupted run has made, so it can be repeated.
 */
export async function seed(container: MedusaContainer): Promise<void> {
  const countries = await listCountries(container);
  const channelId = await findSalesChannel(container);
  const regionId = await ensureRegion(container, countries);
  const locationId = await ensureLocation(container, channelId);
  const profileId = await ensureShippingProfile(container);
  const zoneId = await ensureServiceZone(container, locationId, countries);
  await ensureShippingOption(container, zoneId, profileId);
  await ensureProducts(container, channelId, profileId);
  await ensureStock(container, locationId);
  await setStoreDefaults(container, { channelId, regionId, locationId });
}

async function listCountries(container: MedusaContainer): Promise<string[]> {
  const countries = await container.resolve(Modules.REGION).listCountries({}, { take: 1000, select: ['iso_2'] });
  if (countries.length < 200) throw new Error(`Medusa lists only ${countries.length} countries`);
  return countries.map((country) => country.iso_2);
}

/** Medusa's boot has made one. */
async function findSalesChannel(container: MedusaContainer): Promise<string> {
  const [channel] = await container.resolve(Modules.SALES_CHANNEL).listSalesChannels({}, { take: 1 });
  if (!channel) throw new Error('there is no sales channel');
  return channel.id;
}

async function ensureRegion(container: MedusaContainer, countries: string[]): Promise<string> {
  const name = 'World';
  const [known] = await container.resolve(Modules.REGION).listRegions({ name }, { take: 1 });
  if (known) return known.id;
  const region = { name, currency_code: CURRENCY, countries, payment_providers: [PAYMENT] };
  const { result } = await createRegionsWorkflow(container).run({ input: { regions: [region] } });
  return result[0]!.id;
}

async function ensureLocation(container: MedusaContainer, channelId: string): Promise<string> {
  const name = 'Warehouse';
  const [known] = await container.resolve(Modules.STOCK_LOCATION).listStockLocations({ name }, { take: 1 });
  const id = known?.id ?? (await createLocation(container, name));
  await linkSalesChannelsToStockLocationWorkflow(container).run({ input: { id, add: [channelId] } });
  const link = container.resolve(ContainerRegistrationKeys.LINK);
  await link.create({
    [Modules.STOCK_LOCATION]: { stock_location_id: id },
    [Modules.FULFILLMENT]: { fulfillment_provider_id: CARRIER },
  });
  return id;
}

async function createLocation(container: MedusaContainer, name: string): Promise<string> {
  const locations = [{ name, address: { address_1: '1 Market Street', city: 'New York', country_code: 'us' } }];
  const { result } = await createStockLocationsWorkflow(container).run({ input: { locations } });
  return result[0]!.id;
}

async function ensureShippingProfile(container: MedusaContainer): Promise<string> {
  const [known] = await container.resolve(Modules.FULFILLMENT).listShippingProfiles({ type: 'default' }, { take: 1 });
  if (known) return known.id;
  const data = [{ name: 'Default', type: 'default' }];
  const { result } = await createShippingProfilesWorkflow(container).run({ input: { data } });
  return result[0]!.id;
}

async function ensureServiceZone(container: MedusaContainer, locationId: string, countries: string[]): Promise<string> {
  const fulfillment = container.resolve(Modules.FULFILLMENT);
  const name = 'Shipping from the warehouse';
  const [known] = await fulfillment.listFulfillmentSets({ name }, { take: 1, relations: ['service_zones'] });
  const geo_zones = countries.map((country_code) => ({ type: 'country' as const, country_code }));
  const service_zones = [{ name: 'World', geo_zones }];
  const set = known ?? (await fulfillment.createFulfillmentSets({ name, type: 'shipping', service_zones }));
  await container.resolve(ContainerRegistrationKeys.LINK).create({
    [Modules.STOCK_LOCATION]: { stock_location_id: locationId },
    [Modules.FULFILLMENT]: { fulfillment_set_id: set.id },
  });
  return set.service_zones[0]!.id;
}

async function ensureShippingOption(container: MedusaContainer, zoneId: string, profileId: string): Promise<void> {
  const [known] = await container
    .resolve(Modules.FULFILLMENT)
    .listShippingOptions({ service_zone: { id: zoneId } }, { take: 1 });
  if (known) return;
  const option = {
    name: 'Standard Shipping',
    price_type: 'flat' as const,
    provider_id: CARRIER,
    service_zone_id: zoneId,
    shipping_profile_id: profileId,
    type: { label: 'Standard', description: 'Delivered in 3 to 7 days.', code: 'standard' },
    prices: [{ currency_code: CURRENCY, amount: 5 }],
    rules: [
      { attribute: 'enabled_in_store', value: 'true', operator: 'eq' as const },
      { attribute: 'is_return', value: 'false', operator: 'eq' as const },
    ],
  };
  await createShippingOptionsWorkflow(container).run({ input: [option] });
}

async function ensureProducts(container: MedusaContainer, channelId: string, profileId: string): Promise<void> {
  const handle = GOODS.map((good) => good.handle);
  const known = await container.resolve(Modules.PRODUCT).listProducts({ handle }, { select: ['handle'] });
  // One by one, so that a list by age shows them in the catalogue's order.
  for (const good of GOODS) {
    if (known.some((product) => product.handle === good.handle)) continue;
    const products = [toProduct(good, channelId, profileId)];
    await createProductsWorkflow(container).run({ input: { products } });
  }
}

function toProduct({ handle, title, description, price }: Good, channelId: string, profileId: string) {
  // The names that Medusa's admin gives to the only option of a product without variants.
  const option = { title: 'Default option', values: ['Default option value'] };
  const variant = {
    title: 'Default variant',
    sku: handle.toUpperCase(),
    manage_inventory: true,
    options: { 'Default option': 'Default option value' },
    prices: [{ currency_code: CURRENCY, amount: price }],
  };
  // No host in the address: a store is reached by several.
  const url = `/pictures/${handle}.svg`;
  return {
    handle,
    title,
    description,
    status: ProductStatus.PUBLISHED,
    thumbnail: url,
    images: [{ url }],
    options: [option],
    variants: [variant],
    shipping_profile_id: profileId,
    sales_channels: [{ id: channelId }],
  };
}

async function ensureStock(container: MedusaContainer, locationId: string): Promise<void> {
  const inventory = container.resolve(Modules.INVENTORY);
  const items = await inventory.listInventoryItems({}, { take: 1000, select: ['id'] });
  const levels = await inventory.listInventoryLevels({ location_id: locationId }, { take: 1000 });
  const stocked = new Set(levels.map((level) => level.inventory_item_id));
  const inventory_levels = items
    .filter((item) => !stocked.has(item.id))
    .map((item) => ({ location_id: locationId, inventory_item_id: item.id, stocked_quantity: STOCK }));
  if (inventory_levels.length) await createInventoryLevelsWorkflow(container).run({ input: { inventory_levels } });
}

interface Defaults {
  channelId: string;
  regionId: string;
  locationId: string;
}

/** Medusa's boot makes a store in euros. */
async function setStoreDefaults(container: MedusaContainer, ids: Defaults): Promise<void> {
  const stores = container.resolve(Modules.STORE);
  const [store] = await stores.listStores({}, { take: 1 });
  if (!store) throw new Error('there is no store');
  await stores.updateStores(store.id, {
    supported_currencies: [{ currency_code: CURRENCY, is_default: true }],
    default_sales_channel_id: ids.channelId,
    default_region_id: ids.regionId,
    default_location_id: ids.locationId,
  });
}
