import { Client } from 'pg';

const client = new Client(process.env.DATABASE_URL);
await client.connect();
await client.query('CREATE TABLE orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, item text NOT NULL)');
await client.query('CREATE SCHEMA shop');
await client.query("CREATE TYPE shop.colour AS ENUM ('red', 'green')");
await client.query('CREATE TABLE shop.products (name text PRIMARY KEY, colour shop.colour, stock integer NOT NULL)');
await client.query("INSERT INTO shop.products VALUES ('tea', 'green', 10), ('pot', 'red', 10)");
await client.end();
process.stdout.write('the template is filled\n');
