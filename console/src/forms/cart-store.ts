// The entries that a person has put together for one application. Only their ids are kept, and only in this tab.
import { useSyncExternalStore } from "react";

const KEY = "application-entries";
/** Most entries of one application; the server says so too. */
export const CART_MAX = 50;
const NONE: string[] = [];

let known = { text: "", entries: NONE };
const listeners = new Set<() => void>();

function read(): string[] {
  const text = sessionStorage.getItem(KEY) ?? "";
  if (text !== known.text) known = { text, entries: text === "" ? NONE : text.split(" ") };
  return known.entries;
}

function write(entries: string[]) {
  if (entries.length === 0) sessionStorage.removeItem(KEY);
  else sessionStorage.setItem(KEY, entries.join(" "));
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

export const cartAdd = (entry: string) => {
  const entries = read();
  if (!entries.includes(entry) && entries.length < CART_MAX) write([...entries, entry]);
};
export const cartRemove = (entry: string) => write(read().filter((each) => each !== entry));
export const cartEmpty = () => write(NONE);

/** The ids that are in the application now. */
export const useCart = () => useSyncExternalStore(subscribe, read);
