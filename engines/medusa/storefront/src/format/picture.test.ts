import { describe, expect, it } from 'vitest';
import { picturePath } from './picture.ts';

describe('picturePath', () => {
  it.each([
    ['/pictures/mug.svg', '/pictures/mug.svg'],
    ['http://localhost:9000/static/1700-mug.png', '/static/1700-mug.png'],
    ['https://cdn.example.com/mug.png', 'https://cdn.example.com/mug.png'],
    ['data:image/png;base64,AA==', 'data:image/png;base64,AA=='],
  ])('shows %s as %s', (url, path) => expect(picturePath(url)).toBe(path));

  it.each([
    null,
    undefined,
    '',
    '//evil.example/x.png',
    'http://evil.example/x.png',
    'javascript:alert(1)',
    'data:text/html,x',
  ])('shows no picture for %s', (url) => expect(picturePath(url)).toBeNull());
});
