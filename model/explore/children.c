// SPDX-License-Identifier: GPL-2.0
/* Threads that the kernel spawns, by what they are to their parents. */

#include "children.h"

static const struct child *child_at(const GArray *children, unsigned int i)
{
	return &g_array_index(children, struct child, i);
}

bool child_is_known(const GArray *children, struct child child, unsigned int *index)
{
	for (unsigned int i = 0; i < children->len; i++) {
		const struct child *known = child_at(children, i);

		if (known->parent != child.parent || known->ordinal != child.ordinal)
			continue;
		*index = i;
		return true;
	}
	return false;
}

static bool comes_before(const struct child *a, const struct child *b)
{
	return a->parent != b->parent ? a->parent < b->parent : a->ordinal < b->ordinal;
}

void child_add(GArray *children, struct child child, unsigned int first)
{
	unsigned int at = 0;

	while (at < children->len && comes_before(child_at(children, at), &child))
		at++;
	g_array_insert_val(children, at, child);
	for (unsigned int i = 0; i < children->len; i++) {
		struct child *any = &g_array_index(children, struct child, i);

		any->parent += any->parent >= first + at;
	}
}

GVariant *children_save(const GArray *children)
{
	GVariantBuilder b;

	g_variant_builder_init(&b, G_VARIANT_TYPE(CHILDREN_SAVED));
	for (unsigned int i = 0; i < children->len; i++)
		g_variant_builder_add(&b, "(uu)", child_at(children, i)->parent,
				      child_at(children, i)->ordinal);
	return g_variant_builder_end(&b);
}

void children_load(GArray *children, GVariant *saved)
{
	struct child child;
	GVariantIter it;

	g_array_set_size(children, 0);
	g_variant_iter_init(&it, saved);
	while (g_variant_iter_next(&it, "(uu)", &child.parent, &child.ordinal))
		g_array_append_val(children, child);
}
