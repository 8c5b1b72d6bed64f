import { describe, expect, it } from 'vitest';
import { findProblems, readDetails, toCartChange, type Details } from './details.ts';

const good: Details = {
  email: 'ada@example.com',
  firstName: 'Ada',
  lastName: 'Lovelace',
  address: '12 St James Square',
  address2: '',
  city: 'London',
  province: '',
  postalCode: 'SW1Y 4JH',
  country: 'gb',
  phone: '',
};
const problemsOf = (change: Partial<Details>) => Object.keys(findProblems({ ...good, ...change }));

describe('the checkout form', () => {
  it('takes six fields and a country', () => expect(findProblems(good)).toEqual({}));

  it.each(['email', 'firstName', 'lastName', 'address', 'city', 'postalCode', 'country'] as const)(
    'needs %s',
    (name) => {
      expect(problemsOf({ [name]: '' })).toEqual([name]);
    },
  );

  it('needs no postal code where there is none', () =>
    expect(problemsOf({ country: 'ae', postalCode: '' })).toEqual([]));

  it.each(['ada', 'ada@', 'ada@example', '@example.com', 'a b@example.com', 'ada@example..com', 'ü@exämple.de'])(
    'doubts the email %s',
    (email) => {
      expect(problemsOf({ email })).toEqual(['email']);
    },
  );

  it.each(['ada+shop@mail.example.co.uk', "o'brien@example.com"])('takes the email %s', (email) => {
    expect(problemsOf({ email })).toEqual([]);
  });

  it('doubts a phone of letters and text beyond reason', () => {
    expect(problemsOf({ phone: 'call me' })).toEqual(['phone']);
    expect(problemsOf({ phone: '+49 (0)30 123-45' })).toEqual([]);
    expect(problemsOf({ city: 'x'.repeat(201) })).toEqual(['city']);
  });

  it('trims what was typed, and sends one address for both uses', () => {
    const form = new FormData();
    form.set('email', ' ada@example.com ');
    expect(readDetails(form)).toMatchObject({ email: 'ada@example.com', phone: '' });
    const change = toCartChange(good);
    expect(change.shipping_address).toMatchObject({ address_1: '12 St James Square', country_code: 'gb' });
    expect(change.billing_address).toEqual(change.shipping_address);
  });
});
