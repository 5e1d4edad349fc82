/* model.h -- the trained models, linked in from the *.model files (see classifier.h for the form)
 */
#ifndef WR_TEXT_MODEL_H
#define WR_TEXT_MODEL_H

#include <stddef.h>

/* What one unit of an int8 weight stands for; and features count by 1 / sqrt(their number). */
#define WR_MODEL_SCALE 0.125

extern const unsigned char wr_language_model[], wr_charset_model[];
size_t wr_language_model_len(void);
size_t wr_charset_model_len(void);

#endif
