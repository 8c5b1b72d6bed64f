import { describe, expect, it } from 'vitest';
import { FetchFailure, refusal, toFailure } from './failures.ts';

const failed = (code: string, syscall?: string) => Object.assign(new Error(code), { code, syscall });

describe('a failure in words', () => {
  it.each<[unknown, string, boolean]>([
    [failed('ENOTFOUND', 'getaddrinfo'), 'its name is not known (DNS)', true],
    [failed('ECONNREFUSED', 'connect'), 'the connection was refused', true],
    [failed('EPERM', 'connect'), 'the connection is not allowed', true],
    [failed('EPERM', 'open'), "the folder can't be written", false],
    [failed('EROFS', 'mkdir'), "the folder can't be written", false],
    [failed('ENOSPC', 'write'), 'the disk is full here', false],
    [failed('SELF_SIGNED_CERT_IN_CHAIN'), 'its certificate is not trusted (SELF_SIGNED_CERT_IN_CHAIN)', false],
    [failed('ERR_TLS_CERT_ALTNAME_INVALID'), 'its certificate is not trusted (ERR_TLS_CERT_ALTNAME_INVALID)', false],
    [failed('HPE_INVALID_HEADER_TOKEN'), 'the transfer failed (HPE_INVALID_HEADER_TOKEN)', true],
    [new DOMException('too late', 'TimeoutError'), 'it does not answer', true],
    [new Error('anything else'), 'the transfer failed (anything else)', true],
  ])('%s', (error, words, again) => {
    for (const wrapped of [error, new TypeError('fetch failed', { cause: error })]) {
      expect(toFailure(wrapped)).toMatchObject({ message: words, again });
    }
  });

  it('of a host with several addresses', () => {
    const all = new AggregateError([failed('ECONNREFUSED', 'connect'), failed('ENETUNREACH', 'connect')]);
    expect(toFailure(new TypeError('fetch failed', { cause: all })).message).toBe('the connection was refused');
  });

  it('that is one already stays as it is', () => {
    const failure = new FetchFailure('it answers 404', { again: false });
    expect(toFailure(failure)).toBe(failure);
  });
});

describe('a status', () => {
  const now = Date.parse('2030-01-01T00:00:00Z');
  it.each<[number, string | null, boolean, number | undefined]>([
    [404, '5', false, undefined],
    [403, null, false, undefined],
    [408, null, true, undefined],
    [429, '5', true, 5000],
    [503, 'Tue, 01 Jan 2030 00:00:07 GMT', true, 7000],
    [503, 'Tue, 01 Jan 2019 00:00:00 GMT', true, 0],
    [502, 'soon', true, undefined],
  ])('%d with Retry-After %s', (status, header, again, waitMs) => {
    const response = new Response('', { status, headers: header === null ? {} : { 'retry-after': header } });
    expect(refusal(response, 'it answers', now)).toMatchObject({ message: `it answers ${status}`, again, waitMs });
  });
});
