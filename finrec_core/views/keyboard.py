"""The keyboard: the keys of the desk, and the one script that hears them.

Streamlit's own shortcuts know no punctuation and no key that depends on what stands on the page. The script
is the same for everybody, so that the policy of the page can name it by its hash; it only presses buttons
that stand on the page, so what it may do is what they may do.
"""

KEYS = (
    ("Ctrl K or /", "search clients, products, pages and decisions; Enter takes the first match"),
    ("↓ and ↑", "the next and the previous product of the list; its card opens"),
    ("1, 2, 3", "accept, reject, put off the product on the card"),
    ("1 to 9", "choose a reason, while the form of a decision is open"),
    ("Enter", "record the decision"),
    ("Esc", "close the form of a decision, the search or this sheet"),
    ("?", "this sheet"),
)
HEARD = """
if (!window.deskKeys) {
    window.deskKeys = true;
    const REASONS = '.st-key-decide [data-testid="stButtonGroup"] button';
    const CANCEL = '.st-key-decide [class*="st-key-cancel-"] button';
    // What a part of the page replaces may stand there hidden for a moment yet.
    const shown = (it) => it.getClientRects().length && getComputedStyle(it).visibility !== "hidden";
    const seen = (rule) => [...document.querySelectorAll(rule)].filter(shown);
    const one = (key) => seen(`.st-key-${key} button`)[0];
    const dialog = () => document.querySelector('[role="dialog"]');
    const field = () => document.querySelector(".st-key-everything input");
    function soon(found, then, left = 100) {
        const it = found();
        if (it) then(it);
        else if (left) setTimeout(() => soon(found, then, left - 1), 30);
    }
    function press(button, event) {
        if (!button || button.disabled) return false;
        event.preventDefault();
        event.stopPropagation();
        button.click();
        return true;
    }
    // The matches name the text that they were found for: none of an older text is taken.
    const first = (text) => () => {
        const said = document.querySelector("[data-found-for]");
        return said && said.dataset.foundFor.trim() === text && (one("match-0") || said);
    };
    function take(text) {
        soon(first(text), (it) => {
            if (it.tagName !== "BUTTON") return;
            it.click();
            soon(() => !dialog(), () => document.activeElement && document.activeElement.blur());
        });
    }
    const focus = () => soon(field, (it) => (it.focus(), it.select()));
    document.addEventListener("click", (event) => {
        if (event.target.closest && event.target.closest(".st-key-search-open")) focus();
    });
    document.addEventListener("keydown", (event) => {
        const at = event.target, key = event.key;
        if (at === field() && key === "Enter" && at.value.trim()) return take(at.value.trim());
        if ((event.ctrlKey || event.metaKey) && !event.altKey && key.toLowerCase() === "k") {
            if (!dialog() && press(one("search-open"), event)) focus();
            return;
        }
        if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
        if (at.closest && at.closest("input, textarea, select, [contenteditable=true]")) return;
        if (dialog() || !document.querySelector('[data-keys="on"]')) return;
        if (key === "/" && press(one("search-open"), event)) return focus();
        if (key === "?") return void press(one("keys-open"), event);
        const form = seen('[class*="st-key-record-"]')[0];
        if (key === "Escape" && form) return void press(seen(CANCEL)[0], event);
        if (/^[1-9]$/.test(key)) {
            const kind = ["accept", "reject", "later"][key - 1];
            const reason = seen(REASONS)[key - 1];
            return void press(form ? reason : one(`decide-${kind}`), event);
        }
        if (key === "Enter" && form && !(at.closest && at.closest("button, a, summary, canvas")))
            return void press(form.querySelector("button"), event);
        if (at.closest && at.closest("canvas, [role=tab], [role=radio], [role=slider]")) return;
        if (key === "ArrowDown") press(one("next-product"), event);
        if (key === "ArrowUp") press(one("previous-product"), event);
    }, true);
}
"""
