import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

it.each(readdirSync('docs').filter((name) => name.endsWith('.md')))('docs/%s names tests that there are', (name) => {
  const named = readFileSync(`docs/${name}`, 'utf8').matchAll(/`([\w/]+\.test\.tsx?)`/g);
  expect([...named].map(([, path]) => path!).filter((path) => !existsSync(`tests/${path}`))).toEqual([]);
});
