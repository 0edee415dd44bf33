/** The part of an age file that holds its key: one stanza for each recipient. */
@NullMarked
package dev.openmemory.backup.age.internal.stanza;

import org.jspecify.annotations.NullMarked;
