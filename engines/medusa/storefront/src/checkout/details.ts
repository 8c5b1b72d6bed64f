import type { CartChange } from '../api/storeApi.ts';

/** What a shopper types, field by field. */
export const FIELDS = [
  'email',
  'firstName',
  'lastName',
  'address',
  'address2',
  'city',
  'province',
  'postalCode',
  'country',
  'phone',
] as const;

export type FieldName = (typeof FIELDS)[number];
export type Details = Record<FieldName, string>;
export type Problems = Partial<Record<FieldName, string>>;

/** Places where mail needs no postal code. */
const WITHOUT_POSTAL_CODE = new Set(
  'ae ag ao aw bf bi bj bo bs bw bz cd cf cg ci ck cm dj dm er fj ga gd gh gm gq gy hk jm ki km kn kp lc ly ml mo mr mw nr nu qa rw sb sc sl sr st sy tg tk tl to tv ug vu ye zw'.split(
    ' ',
  ),
);

export const needsPostalCode = (country: string): boolean => !WITHOUT_POSTAL_CODE.has(country.toLowerCase());

export function readDetails(form: FormData): Details {
  const text = (name: FieldName) => String(form.get(name) ?? '').trim();
  return Object.fromEntries(FIELDS.map((name) => [name, text(name)])) as Details;
}

/** Every problem in words; none means that the order can be placed. */
export function findProblems(details: Details): Problems {
  const problems: Problems = {};
  const need = (name: FieldName, words: string) => {
    if (!details[name]) problems[name] = words;
  };
  need('email', 'Enter your email, so that the shop can reach you about this order.');
  need('firstName', 'Enter your first name.');
  need('lastName', 'Enter your last name.');
  need('address', 'Enter the street and house number.');
  need('city', 'Enter the city or town.');
  need('country', 'Choose a country.');
  if (needsPostalCode(details.country)) need('postalCode', 'Enter the postal code.');
  if (details.email && !isEmail(details.email))
    problems.email = 'This doesn’t look complete. An email is written like name@example.com.';
  if (details.phone && !/^[+\d][\d\s().\-/]{3,}$/.test(details.phone))
    problems.phone = 'Use digits only, like +1 555 0100, or leave this empty.';
  for (const name of FIELDS) {
    if (details[name].length > 200) problems[name] = 'This is too long. Please use 200 characters at most.';
  }
  return problems;
}

export function toCartChange(details: Details): CartChange {
  const address = {
    first_name: details.firstName,
    last_name: details.lastName,
    address_1: details.address,
    address_2: details.address2,
    city: details.city,
    province: details.province,
    postal_code: details.postalCode,
    country_code: details.country,
    phone: details.phone,
  };
  return { email: details.email, shipping_address: address, billing_address: address };
}

/** As strict as the shop, so that the field is named and not the server's refusal. */
const isEmail = (text: string): boolean =>
  /^(?!\.)(?!.*\.\.)[\w'+.-]*[\w+-]@([a-z0-9][a-z0-9-]*\.)+[a-z]{2,}$/i.test(text);
