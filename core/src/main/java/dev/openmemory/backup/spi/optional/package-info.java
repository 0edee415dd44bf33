/**
 * What sources, captures, restorations and controls of writers may offer in addition. The engine
 * asks each of them whether it is of such a type; one that is not is used without.
 */
@NullMarked
package dev.openmemory.backup.spi.optional;

import org.jspecify.annotations.NullMarked;
