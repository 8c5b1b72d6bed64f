import path from 'node:path';

/** Where the compiled app lies: `medusa build` puts it at `.medusa/server`, whatever the working directory is. */
export const SERVER_DIR = path.resolve(__dirname, '../..');

/** The folder with package.json, node_modules and the pictures. */
export const APP_ROOT = path.resolve(SERVER_DIR, '../..');
