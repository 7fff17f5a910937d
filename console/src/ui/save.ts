/** Hands a text to the browser as a file. A `blob:` address is made and dropped at once; nothing leaves the machine. */
export function saveText(name: string, text: string): void {
  saveBlob(name, new Blob([text], { type: "application/octet-stream" }));
}

/** Hands bytes to the browser as a file, the same way. */
export function saveBlob(name: string, blob: Blob): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
