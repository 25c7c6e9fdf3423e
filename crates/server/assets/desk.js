// The desk without a reload: fresh rows, the keyboard, and drafts that save themselves.
// Every page works without this file.
(() => {
  "use strict";
  const REFRESH_GAP_MS = 2000;
  const POLL_MS = 10000;
  const ANNOUNCE_GAP_MS = 30000;
  const AUTOSAVE_MS = 20000;
  const HOVER_REST_MS = 4000;
  const root = document.documentElement;
  root.classList.add("js");
  const $ = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];

  // On a phone the places stand in one line: the one that is open comes into sight.
  const places = $(".side");
  const here = places && $("[aria-current]", places);
  if (here) places.scrollLeft = here.offsetLeft - (places.clientWidth - here.offsetWidth) / 2;

  // ---- live: the server says when the radar moved ----
  const live = document.body.querySelector("[data-live]");
  let seen = live ? Number(live.dataset.version) : 0;
  let lastRefresh = 0;
  let waiting = null;

  function listen() {
    if (!live) return;
    const heard = (news) => {
      const speed = $("[data-speed]");
      if (speed) speed.textContent = news.speed;
      live.classList.toggle("pulse", true);
      live.textContent = live.dataset.on;
      if (news.version !== seen) { seen = news.version; refreshSoon(); }
    };
    const lost = () => { live.classList.remove("pulse"); live.textContent = live.dataset.off; };
    if (!window.EventSource) {
      setInterval(() => fetch("/desk/live?sekali=1", { headers: { accept: "application/json" } })
        .then((answer) => answer.json()).then(heard).catch(lost), POLL_MS);
      return;
    }
    let source = null;
    const open = () => {
      source = new EventSource("/desk/live");
      source.onmessage = (event) => heard(JSON.parse(event.data));
      source.onerror = () => {
        lost();
        if (source.readyState === EventSource.CLOSED) setTimeout(open, POLL_MS);
      };
    };
    open();
    addEventListener("pagehide", () => source && source.close());
    addEventListener("pageshow", (event) => { if (event.persisted) open(); });
  }

  // ---- rows ----
  const body = $("#rows");
  let hoverAt = 0;
  if (body) {
    body.addEventListener("pointermove", () => { hoverAt = Date.now(); });
    body.addEventListener("pointerleave", () => { hoverAt = 0; });
  }
  const reading = () => Date.now() - hoverAt < HOVER_REST_MS || (body && body.contains(document.activeElement) && document.activeElement.matches("button, a"));
  const rows = () => all("tr[data-id]", body);
  const chosen = () => rows().find((row) => row.getAttribute("aria-selected") === "true");

  function refreshSoon() {
    if (!body || waiting || document.hidden) return;
    waiting = setTimeout(refresh, Math.max(0, lastRefresh + REFRESH_GAP_MS - Date.now()));
  }
  document.addEventListener("visibilitychange", () => { if (!document.hidden) refreshSoon(); });

  function refresh() {
    const address = "/desk/rows" + location.search;
    fetch(address, { headers: { accept: "text/html" } })
      .then((answer) => { if (!answer.ok) throw new Error(String(answer.status)); return answer.text(); })
      .then((text) => merge(new DOMParser().parseFromString(text, "text/html")))
      .catch(() => {})
      .finally(() => { waiting = null; lastRefresh = Date.now(); });
  }

  function merge(fresh) {
    for (const part of ["#figures", "#pages"]) {
      const now = $(part), next = $(part, fresh);
      if (now && next && now.innerHTML !== next.innerHTML) now.innerHTML = next.innerHTML;
    }
    const next = $("#rows", fresh);
    if (!next) return;
    const keep = chosen()?.dataset.id;
    const before = new Map(rows().map((row) => [row.dataset.id, row]));
    const incoming = all("tr[data-id]", next);
    if (before.size === 0 || incoming.length === 0) {
      body.replaceChildren(...next.childNodes);
    } else if (reading()) {
      // Somebody is about to press: numbers move, rows stay where they are.
      for (const row of incoming) {
        const old = before.get(row.dataset.id);
        if (old && !old.contains(document.activeElement)) old.replaceChildren(...row.childNodes);
      }
      hold();
    } else {
      const anchor = keep && before.get(keep);
      const top = anchor ? anchor.getBoundingClientRect().top : null;
      const focused = anchor && document.activeElement === anchor;
      body.replaceChildren(...incoming);
      const moved = keep && rows().find((row) => row.dataset.id === keep);
      if (moved) {
        mark(moved);
        if (focused) { moved.focus({ preventScroll: true }); scrollBy(0, moved.getBoundingClientRect().top - top); }
      } else if (anchor && focused) {
        const first = rows()[0];
        if (first) { mark(first); first.focus({ preventScroll: true }); }
      }
    }
    announce(incoming.filter((row) => !before.has(row.dataset.id)).length);
  }

  function hold() { setTimeout(refreshSoon, HOVER_REST_MS); }

  let announcedAt = Date.now();
  let unsaid = 0;
  function announce(count) {
    unsaid += count;
    const voice = $("#news");
    if (!voice || unsaid === 0 || Date.now() - announcedAt < ANNOUNCE_GAP_MS) return;
    voice.textContent = voice.dataset.text.replace("0", String(unsaid));
    announcedAt = Date.now();
    unsaid = 0;
  }

  // ---- choosing a row ----
  function mark(row) {
    for (const other of rows()) { other.setAttribute("aria-selected", String(other === row)); other.tabIndex = other === row ? 0 : -1; }
  }
  let panelFor = null;
  function choose(row, focus) {
    if (!row) return;
    mark(row);
    if (focus) { row.focus({ preventScroll: true }); row.scrollIntoView({ block: "nearest" }); }
    const query = new URLSearchParams(location.search);
    query.set("pilih", row.dataset.id);
    history.replaceState(null, "", "/desk?" + query);
    const panel = $("#panel");
    if (!panel || getComputedStyle(panel).display === "none") return;
    const id = row.dataset.id;
    panelFor = id;
    panel.setAttribute("aria-busy", "true");
    fetch("/desk/clusters/" + id + "/summary").then((answer) => answer.ok ? answer.text() : Promise.reject()).then((text) => {
      if (panelFor !== id) return;
      panel.replaceChildren(...new DOMParser().parseFromString(text, "text/html").body.childNodes);
    }).catch(() => {}).finally(() => panel.removeAttribute("aria-busy"));
  }
  if (body) {
    body.addEventListener("click", (event) => {
      const row = event.target.closest("tr[data-id]");
      if (!row) return;
      const spark = event.target.closest("a.pick");
      if (spark && matchMedia("(min-width: 1101px)").matches) { event.preventDefault(); choose(row, true); }
      else if (!event.target.closest("a, button, form")) choose(row, true);
    });
  }

  // ---- keyboard ----
  const help = $("#help");
  if (help) {
    for (const opener of all("[data-help]")) opener.addEventListener("click", () => help.showModal());
  }
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const at = event.target;
    const typing = at.matches("input, textarea, select");
    if (event.key === "Escape" && typing) { at.blur(); return; }
    if (typing || (help && help.open)) return;
    if (event.key === "?" && help) { event.preventDefault(); help.showModal(); return; }
    const search = $("#search");
    if (event.key === "/" && search) { event.preventDefault(); search.focus(); search.select(); return; }
    if (!body) return;
    const list = rows();
    const index = list.indexOf(chosen());
    const key = event.key.toLowerCase();
    if (key === "j") { event.preventDefault(); choose(list[Math.min(index + 1, list.length - 1)], true); }
    else if (key === "k") { event.preventDefault(); choose(list[Math.max(index - 1, 0)], true); }
    else if (event.key === "Enter" && at === chosen()) { event.preventDefault(); $(".what a", at)?.click(); }
    else if (key === "a" && index >= 0) { const take = $(".take form, .take a", list[index]); if (take) { event.preventDefault(); take.requestSubmit ? take.requestSubmit() : take.click(); } }
    else if (event.key === "Escape" && document.activeElement) document.activeElement.blur();
  });

  // ---- selects of a filter apply at once ----
  const filter = $("form.filters");
  if (filter) for (const field of all("select", filter)) field.addEventListener("change", () => filter.requestSubmit());

  // ---- copies to the clipboard ----
  for (const button of all("[data-copy]")) button.addEventListener("click", () => navigator.clipboard.writeText($(button.dataset.copy).textContent.trim()).then(() => { button.textContent = button.dataset.done; }));

  // ---- documents ----
  for (const form of all("form[data-upload]")) form.addEventListener("submit", (event) => {
    event.preventDefault();
    const file = $("input[type=file]", form).files[0], said = $("[data-upload-said]", form), button = $("button", form);
    if (!file) return;
    button.disabled = true;
    fetch(`${form.dataset.upload}&nama=${encodeURIComponent(file.name)}`, { method: "POST", body: file })
      .then((answer) => { if (!answer.ok) throw answer; location.reload(); })
      .catch((answer) => { button.disabled = false; said.textContent = answer.status === 409 ? said.dataset.changed : said.dataset.fail; });
  });
  // ---- regions by any of their names ----
  for (const input of all("input[data-regions]")) {
    let timer = null;
    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => fetch("/api/v1/regions?q=" + encodeURIComponent(input.value), { headers: { accept: "application/json" } })
        .then((answer) => answer.ok ? answer.json() : [])
        .then((found) => { if (found.length) input.list.replaceChildren(...found.map((one) => { const option = document.createElement("option"); option.value = one.name; option.label = one.place; return option; })); })
        .catch(() => {}), 150);
    });
  }

  // ---- a file into the field that a form sends ----
  for (const picker of all("input[type=file][data-into]")) picker.addEventListener("change", () => picker.files[0] && picker.files[0].text().then((text) => { $(picker.dataset.into).value = text; }));

  // ---- drafts ----
  const draft = $("form[data-autosave]");
  if (draft) {
    const said = $("#saved");
    let dirty = false, timer = null, sending = false;
    const say = (text, bad) => { said.textContent = text; said.classList.toggle("rise", Boolean(bad)); };
    const save = () => {
      timer = null;
      if (!dirty || sending) return;
      dirty = false; sending = true;
      fetch(draft.dataset.autosave, { method: "POST", body: new URLSearchParams(new FormData(draft)), headers: { accept: "application/json" } })
        .then(async (answer) => {
          const news = await answer.json();
          if (news.version) draft.elements.version.value = news.version;
          if (!answer.ok) { draft.dataset.stopped = "1"; }
          say(news.message, !answer.ok);
        })
        .catch(() => { dirty = true; say(said.dataset.offline, true); plan(); })
        .finally(() => { sending = false; if (dirty) plan(); });
    };
    const plan = () => { if (!timer && !draft.dataset.stopped) timer = setTimeout(save, AUTOSAVE_MS); };
    draft.addEventListener("input", () => { dirty = true; plan(); });
    draft.addEventListener("submit", () => { dirty = false; clearTimeout(timer); });
    addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });
  }

  listen();
})();
