// Small helpers around the DOM. Text from the server only ever goes in as text.

export function make(tag, { text, ...attributes } = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, value);
  }
  if (text != null) node.textContent = text;
  node.append(...children);
  return node;
}

const LINK = /https?:\/\/[\x21-\x7e]+/g;
const TAIL = /[.,;:!?)\]}'"]+$/;

// Only the web's own schemes: a javascript: link would run as the page.
export function safeUrl(address) {
  try {
    const url = new URL(address, location.href);
    return url.protocol === "https:" || url.protocol === "http:" ? url.href : null;
  } catch {
    return null;
  }
}

export function link(address, label, spoken) {
  const anchor = make("a", { text: label, href: address, target: "_blank", rel: "noopener noreferrer" });
  if (spoken) anchor.append(make("span", { class: "unseen", text: spoken }));
  return anchor;
}

// Return the text as nodes, with the web addresses in it made clickable.
export function linked(text, spoken) {
  const nodes = [];
  let from = 0;
  for (const found of text.matchAll(LINK)) {
    const address = found[0].replace(TAIL, "");
    const url = safeUrl(address);
    if (!url) continue;
    nodes.push(text.slice(from, found.index), link(url, address, spoken));
    from = found.index + address.length;
  }
  nodes.push(text.slice(from));
  return nodes;
}

// A photo straight from a phone is several megabytes: send what the server would keep anyway.
const LONGEST_SIDE = 2048;
const SMALL_ENOUGH = 1_500_000;

export async function shrunk(file) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
  if (scale === 1 && file.size <= SMALL_ENOUGH) return file;
  const canvas = make("canvas", { width: Math.round(picture.width * scale), height: Math.round(picture.height * scale) });
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  return new Promise((done, failed) => {
    canvas.toBlob((blob) => (blob ? done(blob) : failed(new Error("no picture"))), "image/jpeg", 0.88);
  });
}
