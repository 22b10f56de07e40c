import { type Html, html, raw } from './html.ts';
import { piecesOf, templateFor } from './templateRules.ts';
import { type Fields, linkPlaceholder, type MessageKind, oneLine, texts, when } from './templates.ts';
import { type FieldName, fillTemplate } from './templateText.ts';

export interface EmailText {
  subject: string;
  /** The same words as `html`, for readers of plain text. */
  text: string;
  html: string;
}

/** What stands below one another in an email. A link within a paragraph is the placeholder still. */
export type Block =
  | { kind: 'paragraph'; text: string }
  | { kind: 'facts'; facts: [name: string, value: string][] }
  | { kind: 'button'; label: string };

/** An email in the patient's language, by its template: paragraphs, one button, lists of facts. */
export function emailText(kind: MessageKind, fields: Fields): EmailText {
  const { subject, text, blocks } = emailBlocks(kind, fields);
  return { subject, text, html: letter(fields, subject, blocks.map(markup)) };
}

export function emailBlocks(kind: MessageKind, fields: Fields): { subject: string; text: string; blocks: Block[] } {
  const { language, practice } = fields;
  const values: Record<FieldName, string> = {
    ...when(fields, 'longDay'),
    practice: oneLine(practice.name),
    first: oneLine(fields.first),
    provider: oneLine(fields.provider),
    phone: unbroken(practice.phone),
    link: linkPlaceholder,
  };
  const template = templateFor(kind, 'email', fields);
  const fill = (text: string, part: 'subject' | 'email') =>
    fillTemplate(piecesOf(text, part, language), (field) => values[field]);
  return {
    subject: fill(template.subject ?? '', 'subject'),
    text: fill(template.body, 'email'),
    blocks: template.body
      .split(/\n{2,}/)
      .flatMap((paragraph) => blocksOf(paragraph, (line) => fill(line, 'email'), texts[language].openLink)),
  };
}

/** A telephone number stays on one line of the page. */
const unbroken = (phone: string) => oneLine(phone).replaceAll(' ', '\u00a0');

/** The field of the link has the same name in every language. A label that is as long as a sentence is one. */
const isButton = (line: string) => /^(.{1,60}:)?\s*\{\s*link\s*\}\s*$/i.test(line);
const isFact = (line: string) => /^[^{}:]{1,40}:\s*\{/.test(line);

/** A line that ends in the link is a button; lines that each name a field behind a colon are facts; what is left is a paragraph. */
function blocksOf(paragraph: string, fill: (line: string) => string, openLink: string): Block[] {
  const blocks: Block[] = [];
  for (const line of paragraph.split('\n')) {
    const last = blocks.at(-1);
    const filled = fill(line);
    if (isButton(line)) {
      blocks.push({ kind: 'button', label: filled.replace(linkPlaceholder, '').trim().replace(/:$/, '') || openLink });
    } else if (isFact(line)) {
      const at = filled.indexOf(':');
      const fact: [string, string] = [filled.slice(0, at).trim(), filled.slice(at + 1).trim()];
      if (last?.kind === 'facts') last.facts.push(fact);
      else blocks.push({ kind: 'facts', facts: [fact] });
    } else if (last?.kind === 'paragraph') last.text += `\n${filled}`;
    else blocks.push({ kind: 'paragraph', text: filled });
  }
  return blocks;
}

function markup(block: Block): Html {
  if (block.kind === 'button') return buttonTo(block.label);
  if (block.kind === 'facts') return factList(block.facts);
  const [before, ...after] = block.text.split(linkPlaceholder);
  return html`<p style="margin:0 0 16px;white-space:pre-line">${before!}${after.map((text) => html`${link}${text}`)}</p>`;
}

const link = html`<a href="${linkPlaceholder}" style="color:#0b6e75">${linkPlaceholder}</a>`;

const factList = (facts: [string, string][]): Html =>
  html`<dl style="margin:0 0 24px">${facts.map(
    ([name, value]) =>
      html`<dt style="color:#5b6670">${name}</dt><dd style="margin:0 0 8px;font-weight:600">${value}</dd>`,
  )}</dl>`;

const buttonTo = (label: string): Html => html`<p style="margin:24px 0"><a href="${linkPlaceholder}"
  style="display:inline-block;padding:14px 24px;border-radius:8px;background:#0b6e75;color:#ffffff;text-decoration:none;font-weight:600">${label}</a></p>`;

const letter = ({ language, practice }: Fields, subject: string, body: Html[]): string =>
  html`${raw('<!doctype html>')}<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${subject}</title></head><body style="margin:0;background:#f3f6f7">
<div style="max-width:560px;margin:0 auto;padding:32px 24px;background:#ffffff;color:#17242b;font:16px/1.5 system-ui,sans-serif">
<p style="margin:0 0 24px;font-weight:600;color:#0b6e75">${oneLine(practice.name)}</p>${body}</div></body></html>`.toString();
