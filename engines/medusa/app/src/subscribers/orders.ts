import type { SubscriberConfig } from '@medusajs/framework';
import { OrderWorkflowEvents, PaymentEvents } from '@medusajs/framework/utils';
import { wakeTeller } from '../orders/teller';

/** Whatever has happened, what there is to tell shows in the database. */
export default async function orders(): Promise<void> {
  wakeTeller();
}

export const config: SubscriberConfig = {
  event: [OrderWorkflowEvents.PLACED, OrderWorkflowEvents.CANCELED, PaymentEvents.CAPTURED, PaymentEvents.REFUNDED],
};
