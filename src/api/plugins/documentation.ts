import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { tidyComponents } from './component-names.ts';

/** The OpenAPI 3.1 document, made of the schemas that validate (API-8). Call it before the routes are made. */
export async function documentation(app: FastifyInstance, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Store Platform',
        version,
        description:
          'Makes real online shops that sell, and takes them away again. Errors have one shape everywhere; what each person may do is enforced down to the database.',
      },
      servers: [{ url: '/', description: 'This platform' }],
      tags: [
        { name: 'stores', description: 'Shops and all about them' },
        { name: 'engines', description: 'Kinds of shop' },
        { name: 'session', description: 'Signing in, and who one is' },
        { name: 'api-keys', description: 'Keys for scripts' },
        { name: 'users', description: 'People; for admins' },
        { name: 'audit', description: 'Who did what' },
        { name: 'system', description: 'How the platform itself is; for admins' },
        { name: 'orders', description: 'What is sold, as it is sold' },
        { name: 'order-sources', description: 'Where orders come from' },
        { name: 'live', description: 'Orders as they come in, over WebSocket' },
        { name: 'orphans', description: 'What belongs to no store; for admins' },
      ],
      components: {
        securitySchemes: {
          apiKey: { type: 'http', scheme: 'bearer', description: 'An API key.' },
          orderSignature: {
            type: 'apiKey',
            in: 'header',
            name: 'webhook-signature',
            description: 'Of Standard Webhooks, by a secret of the source that all orders are of.',
          },
          woocommerceSignature: {
            type: 'apiKey',
            in: 'header',
            name: 'x-wc-webhook-signature',
            description:
              'As WooCommerce signs its webhooks: HMAC-SHA256 of the body by a secret of the source, in base64.',
          },
          session: { type: 'apiKey', in: 'cookie', name: 'store_platform_session', description: 'For browsers.' },
        },
      },
      security: [{ apiKey: [] }, { session: [] }],
    },
    transform: jsonSchemaTransform,
    transformObject: (document) => tidyComponents(jsonSchemaTransformObject(document)),
  });
}

/** The document at /openapi.json and as pages at /api-docs, which load nothing from elsewhere. */
export async function documentationPages(app: FastifyInstance): Promise<void> {
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger());
  await app.register(swaggerUi, {
    routePrefix: '/api-docs',
    uiConfig: { docExpansion: 'list', tryItOutEnabled: false, validatorUrl: null },
    logo: { type: 'image/svg+xml', content: Buffer.from(LOGO), href: '/' },
    theme: { title: 'Store Platform API' },
  });
}

const LOGO =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" width="24" height="24"><path fill="#fff" d="M3 9l2-5h14l2 5v2a3 3 0 0 1-2 2.8V20H5v-6.2A3 3 0 0 1 3 11z"/></svg>';
