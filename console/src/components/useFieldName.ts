import { useWords } from "../i18n/words";

/** The name of a field path as people call it: `items[2].grade` becomes the item's title and the field's name. */
export function useFieldName(items: { name: string; title?: string }[]) {
  const words = useWords();
  return (path: string | null | undefined): string => {
    if (!path) return "—";
    const parts = /^(\w+)(?:\[(\d+)\])?(?:\.(.+))?$/.exec(path);
    const [, head = path, index, tail] = parts ?? [];
    const item = head === "items" && index !== undefined ? items[Number(index)] : undefined;
    // A mask is named by its item, not by a field.
    if (head === "masks" && tail) return `${words("field", head)} · ${items.find(({ name }) => name === tail)?.title || tail}`;
    const names = [item ? item.title || item.name : words("field", head), tail ? words("field", tail) : ""];
    return names.filter((name) => name !== "").join(" · ");
  };
}
