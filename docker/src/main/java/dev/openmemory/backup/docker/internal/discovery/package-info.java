/**
 * Decides, from what an engine and this host show, where an OpenMemory keeps its data and which
 * containers write it. Talks to no engine.
 */
@NullMarked
package dev.openmemory.backup.docker.internal.discovery;

import org.jspecify.annotations.NullMarked;
