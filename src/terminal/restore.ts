// What gives a terminal back whole, whatever blessed did or did not do before: written after every way out.

/** Ends bracketed paste, all attributes, keypad mode and mouse reports; shows the cursor; leaves the alternate screen. */
export const RESTORE_SEQUENCE = '\u001b[?2004l\u001b[m\u001b[?1l\u001b>\u001b[?1000l\u001b[?1002l\u001b[?1003l\u001b[?1006l\u001b[r\u001b[?25h\u001b[?1049l';

export const BRACKETED_PASTE_ON = '\u001b[?2004h';

type RawInput = { readonly isTTY?: boolean; setRawMode?(raw: boolean): unknown };

/** Back to line mode with echo. Never throws: the terminal may be gone. */
export function leaveRawMode(input: RawInput): void {
  try {
    if (input.isTTY === true) input.setRawMode?.(false);
  } catch {
    // The line is lost (SIGHUP): there is no mode left to restore.
  }
}
