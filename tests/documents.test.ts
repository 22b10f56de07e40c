import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

it.each(readdirSync('docs').filter((name) => name.endsWith('.md')))('docs/%s names tests that there are', (name) => {
  const named = readFileSync(`docs/${name}`, 'utf8').matchAll(/`([\w/]+\.test\.tsx?)`/g);
  expect([...named].map(([, path]) => path!).filter((path) => !existsSync(`tests/${path}`))).toEqual([]);
});

it('the README names every document, and documents lead to headings that there are', () => {
  const readme = readFileSync('README.md', 'utf8');
  const names = readdirSync('docs').filter((name) => name.endsWith('.md'));
  expect(names.filter((name) => !readme.includes(`](docs/${name})`))).toEqual([]);
  const anchors = (name: string) =>
    [...readFileSync(`docs/${name}`, 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
      heading!
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\- ]/gu, '')
        .replaceAll(' ', '-'),
    );
  for (const name of names)
    for (const [, file, anchor] of readFileSync(`docs/${name}`, 'utf8').matchAll(/\]\((?:([\w.]+\.md))?#([^)]+)\)/g))
      expect(anchors(file ?? name), `${name} leads to #${anchor}`).toContain(anchor);
});
