import { describe, expect, it } from 'vitest';
import { page, textOf } from './reader.ts';

// biome-ignore lint/suspicious/noExplicitAny: what the types forbid, and what still gets in through data
const sneak = (value: unknown) => value as any;

describe('rendering', () => {
  it('begins a page with its doctype, and a fragment without', () => {
    expect(page(<html lang="en" />)).toBe('<!doctype html><html lang="en"></html>');
    expect(textOf(<p>So</p>)).toBe('<p>So</p>');
  });

  it('shows script text as text, in elements and in attributes', () => {
    const nasty = '"><script>alert(1)</script>';
    expect(textOf(<p title={nasty}>{nasty}</p>)).not.toContain('<script>');
  });

  it('takes text, numbers, lists and what is left out', () => {
    expect(textOf(<p>{[1, 'two', null, [<b>three</b>]]}</p>)).toBe('<p>1two<b>three</b></p>');
  });

  it.each([
    ['a date', new Date(0)],
    ['a promise', Promise.resolve('late')],
    ['an object', { name: 'Robin' }],
    ['a date in a list', ['on ', [new Date(0)]]],
  ])('refuses %s, which would silently show as nothing', (_, child) => {
    expect(() => textOf(<p>{sneak(child)}</p>)).toThrow(TypeError);
  });

  it('refuses a component that is async, which would silently show as nothing', () => {
    const Late = sneak(async () => <p>late</p>);
    expect(() => textOf(<Late />)).toThrow('async');
  });
});
