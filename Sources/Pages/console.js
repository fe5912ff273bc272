// The console's script: live numbers, pause, filter as you type, local times, publishing. Without it all is readable, as it was.
"use strict";
(() => {
  const $ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const one = (id) => document.getElementById(id);
  const body = document.body;
  const numbers = new Intl.NumberFormat("en-US");

  // Times are of UTC; how they are called here is told on hover.
  const nameTimes = (root) => $("time[datetime]", root).forEach((time) => {
    time.title = new Date(time.dateTime).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "long" });
  });

  // What changes is marked for a moment, without a movement: drawing one all the time would cost more than all else.
  const marked = new Map();
  const write = (element, text) => {
    if (element.firstChild?.nodeType === Node.TEXT_NODE && element.childNodes.length === 1) {
      if (element.firstChild.data === text) return;
      element.firstChild.data = text;
    } else element.textContent = text;
    if (!marked.has(element)) element.classList.add("changed");
    marked.set(element, performance.now());
  };
  const unmark = () => marked.forEach((since, element) => {
    if (performance.now() - since < 600) return;
    element.classList.remove("changed");
    marked.delete(element);
  });

  // Instants of which it matters how long ago they were.
  const spans = [[172800, 86400, "d"], [7200, 3600, "h"], [120, 60, "min"], [0, 1, "s"]];
  const age = (time) => {
    const seconds = Math.max(0, Math.floor((Date.now() - Date.parse(time.dateTime)) / 1000));
    const [, unit, name] = spans.find(([from]) => seconds >= from);
    const text = seconds < 1 ? "now" : `${numbers.format(Math.floor(seconds / unit))} ${name} ago`;
    if (time.textContent !== text) time.textContent = text;
  };
  const ages = () => $("time[data-ago]").forEach(age);

  // The values of a frame by their names: "audiences.vip.size".
  const flatten = (value, path, into) => {
    if (Array.isArray(value)) value.forEach((item) => item && item.id && flatten(item, path + "." + item.id, into));
    else if (value && typeof value === "object") for (const key in value) flatten(value[key], path ? path + "." + key : key, into);
    else if (typeof value === "number" || typeof value === "string") into.set(path, value);
    return into;
  };

  const show = (frame) => {
    const found = flatten(frame, "", new Map());
    $("[data-value]").forEach((element) => {
      const value = found.get(element.dataset.value);
      if (value === undefined) return;
      if (element.tagName !== "TIME") write(element, numbers.format(value));
      else if (element.dateTime !== value) {
        element.dateTime = value;
        nameTimes(element.parentNode);
      }
    });
    ages();
  };

  // Parts that no stream tells are taken from the same page, drawn anew.
  const replace = (text) => {
    const fresh = new DOMParser().parseFromString(text, "text/html");
    $("[data-part]").forEach((part) => {
      const other = fresh.querySelector(`[data-part="${CSS.escape(part.dataset.part)}"]`);
      if (!other || part.contains(document.activeElement) || other.innerHTML === part.dataset.was) return;
      const open = $("details", part).map((details) => details.open);
      part.dataset.was = other.innerHTML;
      part.replaceChildren(...document.importNode(other, true).childNodes);
      $("details", part).forEach((details, place) => { details.open = open[place] || false; });
      nameTimes(part);
    });
    const [old, other] = [one("commit"), fresh.getElementById("commit")];
    if (old && other) old.replaceChildren(...document.importNode(other, true).childNodes);
    nameTimes(old || document);
    ages();
    filter();
  };

  const filter = () => $("[data-filter]").forEach((table) => {
    const wanted = (one(table.dataset.filter)?.value || "").toLowerCase();
    $("tbody tr", table).forEach((row) => { row.hidden = !row.textContent.toLowerCase().includes(wanted); });
  });

  const follow = () => {
    let source = null, timers = [], isPaused = false, isLost = false;
    const [live, link, pause] = [one("live"), one("link"), one("pause")];
    const tell = () => { live.textContent = isPaused ? "‖ paused" : isLost ? "▲ asks every 10 s" : "● live"; };
    const refresh = async () => {
      try {
        const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
        if (!answer.ok) throw answer.status;
        replace(await answer.text());
        if (isLost && !source) connect();
      } catch {
        isLost = true;
        link.textContent = "The daemon does not answer; what is shown is as it was.";
      }
      tell();
    };
    const connect = () => {
      source = new EventSource("/api/v1/events?for=" + encodeURIComponent(body.dataset.events));
      source.addEventListener("state", (event) => {
        if (isLost) { isLost = false; link.textContent = ""; }
        show(JSON.parse(event.data));
        tell();
      });
      source.onerror = () => {
        isLost = true;
        link.textContent = "The connection is lost; it is tried again.";
        // A refusal (too many streams) is not tried again by the browser.
        if (source && source.readyState === EventSource.CLOSED) source = null;
        tell();
      };
    };
    const set = () => {
      timers.forEach(clearInterval);
      const isOn = !isPaused && !document.hidden;
      if (!isOn && source) { source.close(); source = null; }
      if (isOn) {
        if (!source) connect();
        timers = [setInterval(refresh, 1000 * body.dataset.refresh), setInterval(ages, 1000), setInterval(unmark, 300)];
      }
      pause.textContent = isPaused ? "Go on" : "Pause updates";
      tell();
    };
    live.hidden = pause.hidden = false;
    pause.addEventListener("click", () => { isPaused = !isPaused; set(); if (!isPaused) refresh(); });
    document.addEventListener("visibilitychange", () => { set(); if (!document.hidden && !isPaused) refresh(); });
    addEventListener("pagehide", () => source && source.close());
    set();
  };

  // Publishing: what was pasted is checked and planned, and only then sent.
  const publishing = (form) => {
    const [text, result] = [one("definition"), one("result")];
    form.hidden = false;
    one("file").addEventListener("change", async (event) => { if (event.target.files[0]) text.value = await event.target.files[0].text(); });
    const send = async (path, headers) => {
      result.setAttribute("aria-busy", "true");
      try {
        // Pages are asked for a token where one is needed: the browser shows its dialog.
        return await fetch(path, { method: "POST", body: text.value, headers: { "Content-Type": "application/json", Accept: "text/html, application/json", ...headers } });
      } catch {
        one("told").textContent = "The daemon does not answer. Nothing was published.";
      } finally {
        result.removeAttribute("aria-busy");
      }
    };
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      one("told").textContent = "It is checked and planned.";
      const answer = await send("/publish/plan", {});
      if (!answer) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById("result") || page.getElementById("main");
      result.replaceChildren(...(fresh ? document.importNode(fresh, true).childNodes : []));
      one("told").textContent = fresh ? fresh.dataset.told || "" : "The daemon refused that: " + answer.status;
      const go = one("go");
      if (go) go.addEventListener("click", () => publish(go));
      if (go) text.addEventListener("input", () => { go.disabled = true; }, { once: true });
    });
    const publish = async (go) => {
      go.disabled = true;
      const version = go.dataset.version;
      const answer = await send("/api/v1/campaigns?wait=10", version ? { "If-Match": `"${version}"` } : { "If-None-Match": "*" });
      if (!answer) return;
      const found = await answer.json().catch(() => ({}));
      const problems = (found.problems || []).map((problem) => `${problem.path}: ${problem.message}`).join("; ");
      one("told").textContent = answer.status === 201 ? `Published: version ${found.version}, in commit ${numbers.format(found.sequence)}.`
        : answer.status === 202 ? "Written to the log; not committed yet."
        : `Not published. ${found.detail || found.title || answer.status} ${found.hint || ""} ${problems}`;
      if (answer.status < 300 && found.campaign) location.assign("/campaigns/" + encodeURIComponent(found.campaign));
      else go.disabled = false;
    };
  };

  nameTimes(document);
  ages();
  $("[data-filter]").forEach((table) => one(table.dataset.filter)?.addEventListener("input", filter));
  $("[data-copy]").forEach((button) => {
    button.hidden = !navigator.clipboard;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.dataset.copy);
      button.textContent = "Copied";
    });
  });
  one("reload")?.addEventListener("click", (event) => { event.preventDefault(); location.reload(); });
  if (body.dataset.events) follow();
  if (one("publish")) publishing(one("publish"));
})();
