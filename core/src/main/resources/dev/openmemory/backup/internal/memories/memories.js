
"use strict";
{
  const field = document.getElementById("search");
  const shown = document.getElementById("shown");
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const memories = Array.from(document.querySelectorAll("article"), (article) => ({ article, text: null }));
  const search = () => {
    const words = plain(field.value).split(/\s+/).filter((word) => word !== "");
    let found = 0;
    for (const memory of memories) {
      if (memory.text === null && words.length > 0) {
        memory.text = plain(memory.article.textContent);
      }
      const matches = words.every((word) => memory.text.includes(word));
      memory.article.hidden = !matches;
      found += matches ? 1 : 0;
    }
    const all = memories.length;
    const noun = all === 1 ? " memory" : " memories";
    shown.textContent = words.length > 0 ? found + " of " + all + noun : all + noun;
  };
  field.addEventListener("input", search);
  search();
}
