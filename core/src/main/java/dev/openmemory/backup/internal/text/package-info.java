/** Names that people get slightly wrong. */
@NullMarked
package dev.openmemory.backup.internal.text;

import org.jspecify.annotations.NullMarked;
