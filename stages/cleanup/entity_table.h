/* entity_table.h -- layout of the generated table of named character references */
#ifndef CLEANUP_ENTITY_TABLE_H
#define CLEANUP_ENTITY_TABLE_H

#define ENTITY_SLOTS 4096

struct entity {
    unsigned short name;  /* offset in entity_names */
    unsigned char len;    /* of the name, without '&' and ';' */
    unsigned char legacy; /* valid without ';' too */
    unsigned char bytes;  /* of the text */
    char text[7];         /* UTF-8 */
};

extern const char entity_names[];
extern const struct entity entity_list[];
/* 1 + index in entity_list by FNV-1a of the name (folded by h ^ h >> 15), linear probing; 0 = free.
 */
extern const unsigned short entity_slots[ENTITY_SLOTS];

#endif
