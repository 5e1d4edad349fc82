/* export_graph.c -- who is named with whom as GEXF 1.3 and GraphML */
#include "export.h"

static wr_status read_pairs(export_job *job, wr_pairs *out) {
    wr_pairs_options o = {.since = wr_str_c(job->set->since),
                          .until = wr_str_c(job->set->until),
                          .min = (unsigned)job->set->min,
                          .nodes = (unsigned)job->set->nodes,
                          .backbone = (double)job->set->backbone / 1000};
    return wr_pairs_read(wr_store_db(job->store), job->arena, &o, out);
}

static void attribute(wr_buf *out, const char *name, wr_str value) {
    wr_buf_printf(out, " %s=\"", name);
    export_xml(out, value);
    wr_buf_add_char(out, '"');
}

static void gexf_value(wr_buf *out, const char *id, wr_str value) {
    if (value.len == 0) return;
    wr_buf_printf(out, "<attvalue for=\"%s\"", id);
    attribute(out, "value", value);
    wr_buf_add(out, "/>", 2);
}

static wr_status gexf_nodes(export_job *job, const wr_pairs *g) {
    wr_buf *out = &job->text;
    wr_buf_add_str(out, WR_STR("<nodes>\n"));
    for (size_t i = 0; i < g->n_nodes; i++) {
        const wr_pair_node *n = &g->nodes[i];
        if (n->degree == 0) continue;
        wr_buf_add_str(out, WR_STR("<node"));
        attribute(out, "id", n->key);
        attribute(out, "label", n->name);
        wr_buf_add_str(out, WR_STR("><attvalues>"));
        gexf_value(out, "type", n->type);
        gexf_value(out, "wikidata", n->wikidata);
        wr_buf_printf(out, "<attvalue for=\"articles\" value=\"%llu\"/>",
                      (unsigned long long)n->n_articles);
        wr_buf_add_str(out, WR_STR("</attvalues></node>\n"));
        WR_TRY(export_flush(job));
    }
    wr_buf_add_str(out, WR_STR("</nodes>\n"));
    return out->status;
}

wr_status export_gexf(export_job *job) {
    wr_pairs g;
    wr_buf *out = &job->text;
    WR_TRY(read_pairs(job, &g));
    wr_buf_add_str(out, WR_STR("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                               "<gexf xmlns=\"http://gexf.net/1.3\" version=\"1.3\">\n"
                               "<graph defaultedgetype=\"undirected\" mode=\"static\">\n"
                               "<attributes class=\"node\">\n"
                               "<attribute id=\"type\" title=\"type\" type=\"string\"/>\n"
                               "<attribute id=\"wikidata\" title=\"wikidata\" type=\"string\"/>\n"
                               "<attribute id=\"articles\" title=\"articles\" type=\"integer\"/>\n"
                               "</attributes>\n<attributes class=\"edge\">\n"
                               "<attribute id=\"npmi\" title=\"npmi\" type=\"double\"/>\n"
                               "</attributes>\n"));
    WR_TRY(gexf_nodes(job, &g));
    wr_buf_add_str(out, WR_STR("<edges>\n"));
    for (size_t i = 0; i < g.n_pairs; i++) {
        const wr_pair *p = &g.pairs[i];
        wr_buf_printf(out, "<edge id=\"%zu\"", i);
        attribute(out, "source", g.nodes[p->a].key);
        attribute(out, "target", g.nodes[p->b].key);
        wr_buf_printf(out,
                      " weight=\"%u\"><attvalues><attvalue for=\"npmi\" value=\"%.4f\"/>"
                      "</attvalues></edge>\n",
                      p->n, p->npmi);
        WR_TRY(export_flush(job));
    }
    wr_buf_add_str(out, WR_STR("</edges>\n</graph>\n</gexf>\n"));
    return out->status;
}

static void data(wr_buf *out, const char *key, wr_str value) {
    if (value.len == 0) return;
    wr_buf_printf(out, "<data key=\"%s\">", key);
    export_xml(out, value);
    wr_buf_add_str(out, WR_STR("</data>"));
}

wr_status export_graphml(export_job *job) {
    wr_pairs g;
    wr_buf *out = &job->text;
    WR_TRY(read_pairs(job, &g));
    wr_buf_add_str(
        out,
        WR_STR("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
               "<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n"
               "<key id=\"name\" for=\"node\" attr.name=\"name\" attr.type=\"string\"/>\n"
               "<key id=\"type\" for=\"node\" attr.name=\"type\" attr.type=\"string\"/>\n"
               "<key id=\"wikidata\" for=\"node\" attr.name=\"wikidata\" attr.type=\"string\"/>\n"
               "<key id=\"articles\" for=\"node\" attr.name=\"articles\" attr.type=\"long\"/>\n"
               "<key id=\"weight\" for=\"edge\" attr.name=\"weight\" attr.type=\"long\"/>\n"
               "<key id=\"npmi\" for=\"edge\" attr.name=\"npmi\" attr.type=\"double\"/>\n"
               "<graph edgedefault=\"undirected\">\n"));
    for (size_t i = 0; i < g.n_nodes; i++) {
        const wr_pair_node *n = &g.nodes[i];
        if (n->degree == 0) continue;
        wr_buf_add_str(out, WR_STR("<node"));
        attribute(out, "id", n->key);
        wr_buf_add_char(out, '>');
        data(out, "name", n->name);
        data(out, "type", n->type);
        data(out, "wikidata", n->wikidata);
        wr_buf_printf(out, "<data key=\"articles\">%llu</data></node>\n",
                      (unsigned long long)n->n_articles);
        WR_TRY(export_flush(job));
    }
    for (size_t i = 0; i < g.n_pairs; i++) {
        const wr_pair *p = &g.pairs[i];
        wr_buf_add_str(out, WR_STR("<edge"));
        attribute(out, "source", g.nodes[p->a].key);
        attribute(out, "target", g.nodes[p->b].key);
        wr_buf_printf(out, "><data key=\"weight\">%u</data><data key=\"npmi\">%.4f</data></edge>\n",
                      p->n, p->npmi);
        WR_TRY(export_flush(job));
    }
    wr_buf_add_str(out, WR_STR("</graph>\n</graphml>\n"));
    return out->status;
}
