/** A line of a CSV file as RFC 4180 asks. */
export const csvLine = (cells: string[]): string => `${cells.map(quoted).join(',')}\r\n`;

/** Spreadsheets take a file for another encoding without it. */
export const csvMark = '\ufeff';

/** Text that a spreadsheet would take for a formula is disarmed. */
const quoted = (cell: string) => `"${cell.replace(/^\s*[=+\-@]|^[\t\r\n]/, "'$&").replaceAll('"', '""')}"`;
