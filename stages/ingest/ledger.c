/* ledger.c -- files and pages under way */
#include "ledger.h"

#define REASONS_MAX ((size_t)64 << 10)
#define PAYLOAD_MAX ((size_t)1 << 30)

wr_status ingest_ledger_open(ingest_ledger *ledger, wr_arena *arena, size_t window,
                             size_t bytes_max) {
    *ledger = (ingest_ledger){.window = window, .bytes_max = bytes_max};
    ledger->slots = wr_arena_array(arena, window, sizeof *ledger->slots);
    ledger->files = wr_arena_array(arena, window + 1, sizeof *ledger->files);
    if (!ledger->slots || !ledger->files) return WR_MEMORY;
    for (size_t i = 0; i < window; i++)
        ledger->slots[i] =
            (ingest_slot){.payload = WR_BUF_INIT(PAYLOAD_MAX), .next = i + 1 < window ? i + 2 : 0};
    ledger->first_free = 1;
    return WR_OK;
}

void ingest_ledger_close(ingest_ledger *ledger) {
    for (size_t i = 0; i < ledger->window; i++)
        wr_buf_free(&ledger->slots[i].payload);
    for (size_t i = 0; i < ledger->window + 1; i++)
        wr_buf_free(&ledger->files[i].reasons);
}

bool ingest_ledger_room(const ingest_ledger *ledger) {
    return ledger->n_slots < ledger->window && ledger->n_files <= ledger->window &&
           (!ledger->n_slots || ledger->bytes < ledger->bytes_max);
}

ingest_file *ingest_file_begin(ingest_ledger *ledger, void *owner) {
    for (size_t i = 0; i < ledger->window + 1; i++) {
        ingest_file *file = &ledger->files[i];
        if (file->used) continue;
        *file = (ingest_file){.owner = owner, .used = true, .reasons = WR_BUF_INIT(REASONS_MAX)};
        ledger->n_files++;
        return file;
    }
    return NULL;
}

static void wait(ingest_ledger *ledger, size_t ref) {
    ingest_slot *slot = &ledger->slots[ref - 1];
    slot->state = INGEST_WAITING;
    slot->next = 0;
    if (ledger->last_waiting) ledger->slots[ledger->last_waiting - 1].next = ref;
    else ledger->first_waiting = ref;
    ledger->last_waiting = ref;
}

void ingest_page_stamp(ingest_ledger *ledger, uint64_t now_us, uint64_t *submitted,
                       uint64_t *completed) {
    ledger->submitted = now_us > ledger->submitted ? now_us : ledger->submitted + 1;
    *submitted = *completed = ledger->submitted;
    for (size_t i = 0; i < ledger->window && ledger->n_slots; i++) {
        const ingest_slot *slot = &ledger->slots[i];
        if (slot->state != INGEST_FREE && slot->submitted < *completed)
            *completed = slot->submitted;
    }
}

wr_status ingest_page_add(ingest_ledger *ledger, ingest_file *file, ingest_place place, wr_str id,
                          wr_buf *payload) {
    size_t ref = ledger->first_free;
    if (!ref || id.len >= sizeof ledger->slots->id) return WR_LIMIT;
    ingest_slot *slot = &ledger->slots[ref - 1];
    ledger->first_free = slot->next;
    *slot = (ingest_slot){
        .file = file, .place = place, .payload = *payload, .submitted = ledger->submitted};
    memcpy(slot->id, id.ptr, id.len);
    *payload = (wr_buf)WR_BUF_INIT(payload->limit);
    wait(ledger, ref);
    ledger->bytes += slot->payload.len;
    ledger->n_slots++;
    file->open++;
    return WR_OK;
}

static void note_reason(ingest_file *file, uint64_t record, wr_str status, wr_str stage,
                        wr_str text) {
    wr_buf_printf(&file->reasons, "record=%llu status=%.*s", (unsigned long long)record,
                  (int)status.len, status.ptr);
    if (stage.len) wr_buf_printf(&file->reasons, " stage=%.*s", (int)stage.len, stage.ptr);
    wr_buf_printf(&file->reasons, " text=\"%.*s\"\n", (int)text.len, text.ptr);
}

static void count(ingest_ledger *ledger, ingest_file *file, wr_verdict verdict) {
    ingest_tally *tallies[] = {&ledger->total, &file->tally};
    for (size_t i = 0; i < 2; i++) {
        tallies[i]->pages++;
        tallies[i]->passed += verdict == WR_VERDICT_PASS;
        tallies[i]->dropped += verdict == WR_VERDICT_DROP;
        tallies[i]->rejected += verdict != WR_VERDICT_PASS && verdict != WR_VERDICT_DROP;
    }
}

void ingest_file_bad(ingest_ledger *ledger, ingest_file *file, uint64_t record, wr_status status,
                     wr_str why) {
    bool reference = status == WR_FILTERED;
    if (!why.len) why = wr_str_c(wr_status_text(status));
    if (file->status == WR_OK && !reference) file->status = status;
    if (!reference)
        note_reason(file, record, wr_str_c(wr_status_label(status)), wr_str_of(NULL, 0), why);
    count(ledger, file, reference ? WR_VERDICT_DROP : WR_VERDICT_REJECT);
    file->tally.references += reference;
    ledger->total.references += reference;
}

void ingest_file_end(ingest_file *file) {
    file->read = true;
}

ingest_slot *ingest_next_waiting(ingest_ledger *ledger, uint64_t *ref) {
    *ref = ledger->first_waiting;
    return *ref ? &ledger->slots[*ref - 1] : NULL;
}

static ingest_slot *slot_of(ingest_ledger *ledger, uint64_t ref) {
    bool known = ref >= 1 && ref <= ledger->window && ledger->slots[ref - 1].state != INGEST_FREE;
    return known ? &ledger->slots[ref - 1] : NULL;
}

static void unlink_waiting(ingest_ledger *ledger, size_t ref) {
    size_t before = 0, at = ledger->first_waiting;
    while (at && at != ref) {
        before = at;
        at = ledger->slots[at - 1].next;
    }
    if (!at) return;
    size_t next = ledger->slots[at - 1].next;
    if (before) ledger->slots[before - 1].next = next;
    else ledger->first_waiting = next;
    if (ledger->last_waiting == at) ledger->last_waiting = before;
}

void ingest_page_sent(ingest_ledger *ledger, uint64_t ref) {
    ingest_slot *slot = slot_of(ledger, ref);
    if (!slot || slot->state != INGEST_WAITING) return;
    unlink_waiting(ledger, ref);
    slot->state = INGEST_SENT;
}

void ingest_page_again(ingest_ledger *ledger, uint64_t ref) {
    ingest_slot *slot = slot_of(ledger, ref);
    if (slot && slot->state == INGEST_SENT) wait(ledger, ref);
}

void ingest_restarted(ingest_ledger *ledger) {
    for (size_t ref = 1; ref <= ledger->window; ref++)
        ingest_page_again(ledger, ref);
}

ingest_file *ingest_page_end(ingest_ledger *ledger, uint64_t ref, wr_verdict verdict, wr_str status,
                             wr_str stage, wr_str text) {
    ingest_slot *slot = slot_of(ledger, ref);
    if (!slot) return NULL;
    ingest_file *file = slot->file;
    count(ledger, file, verdict);
    if (verdict != WR_VERDICT_PASS && verdict != WR_VERDICT_DROP) {
        if (file->status == WR_OK) file->status = wr_status_of_label(status.ptr, status.len);
        note_reason(file, slot->place.record, status, stage, text);
    }
    if (slot->state == INGEST_WAITING) unlink_waiting(ledger, ref);
    ledger->bytes -= slot->payload.len;
    ledger->n_slots--;
    wr_buf_free(&slot->payload);
    slot->state = INGEST_FREE;
    slot->next = ledger->first_free;
    ledger->first_free = ref;
    file->open--;
    return file;
}

bool ingest_file_finished(const ingest_file *file) {
    return file->used && file->read && !file->open;
}

void ingest_file_free(ingest_ledger *ledger, ingest_file *file) {
    wr_buf_free(&file->reasons);
    *file = (ingest_file){0};
    ledger->n_files--;
}

ingest_place ingest_file_place(const ingest_ledger *ledger, const ingest_file *file) {
    ingest_place first = file->place;
    for (size_t i = 0; i < ledger->window; i++) {
        const ingest_slot *slot = &ledger->slots[i];
        if (slot->state != INGEST_FREE && slot->file == file && slot->place.record < first.record)
            first = slot->place;
    }
    return first;
}
