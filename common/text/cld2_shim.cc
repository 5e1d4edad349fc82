// cld2_shim.cc -- Compact Language Detector 2 from C
#include <cstdio>

#include <cld2/public/compact_lang_det.h>
#include <cld2/public/encodings.h>

#include "common/text/cld2_shim.h"

extern "C" const char *wr_cld2_detect(const char *text, int len, int *percent) {
    const int best_effort = 0x4000;
    CLD2::CLDHints hints = {nullptr, nullptr, CLD2::UNKNOWN_ENCODING, CLD2::UNKNOWN_LANGUAGE};
    CLD2::Language top[3];
    int share[3], bytes;
    double scores[3];
    bool reliable;
    CLD2::Language found = CLD2::ExtDetectLanguageSummary(text, len, true, &hints, best_effort, top, share,
                                                          scores, nullptr, &bytes, &reliable);
    *percent = share[0];
    return CLD2::LanguageCode(found);
}
