import { describe, expect, test } from '@jest/globals';
import { kindNames } from '../../src/mail/texts/kinds.js';
import { languages } from '../../src/mail/texts/languages.js';
import { publicUrl, written } from '../support/written-mails.js';

const markup = `<img src=x onerror=alert(1)>"'&<a href="https://evil.example">x</a>`;
const linksIn = (text: string) => [...text.matchAll(/https:\S+\?token=[\w-]+/g)].map(([link]) => link);

describe.each(languages)('in the language %s', (language) => {
  test.each(kindNames)('%s runs and loads nothing, and says in HTML what it says as text', (kind) => {
    const { html = '', text, subject } = written(kind, { language });
    expect(html).not.toMatch(/<(script|img|link|iframe|form|object|svg|base)\b|\bsrc=|url\(|@import|\bon\w+=/i);
    expect(html).toContain(`<html lang="${language}">`);
    expect(html).toContain('prefers-color-scheme: dark');
    const shown = html
      .replace(/<head>[\s\S]*<\/head>/, '')
      .replaceAll(/<[^>]*>/g, ' ')
      .replaceAll('&#39;', "'");
    const words = (of: string) => new Set(of.split(/\s+/).map((word) => word.replace(/:$/, '')));
    expect([...words(`${subject} ${text}`)].filter((word) => !words(shown).has(word))).toEqual([]);
  });

  test.each(kindNames)('%s shows its first link as a button, and each as an address that can be copied', (kind) => {
    const { html = '', text } = written(kind, { language });
    const links = linksIn(text);
    const buttons = [...html.matchAll(/<a class="button" href="([^"]*)"/g)].map(([, href]) => href);
    const addresses = [...html.matchAll(/<a class="address" href="([^"]*)"[^>]*>([^<]*)<\/a>/g)];
    expect(buttons).toEqual(links.slice(0, 1));
    expect(addresses.map(([, href, shown]) => [href, shown])).toEqual(links.map((link) => [link, link]));
    expect(links.every((link) => link.startsWith(`${publicUrl}/`))).toBe(true);
  });

  test.each(kindNames)('%s takes nothing in a name for markup', (kind) => {
    const tags = (name: string) =>
      (written(kind, { language, name }).html ?? '').match(/<[^>]*>/g)?.map((tag) => tag.split(/[\s>]/)[0]);
    expect(tags(markup)).toEqual(tags('ada'));
  });
});
